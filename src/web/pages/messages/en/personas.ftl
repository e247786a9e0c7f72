nav-personas = Personas
filter-persona = Persona

personas-of = { $form ->
    [one] { $n } customer was told apart by { $m } messages.
   *[other] { $n } customers were told apart by { $m } messages.
}
personas-left-out = { $form ->
    [one] { $n } more wrote only once.
   *[other] { $n } more wrote only once.
}
personas-anonymous = { $form ->
    [one] { $n } message names no customer.
   *[other] { $n } messages name no customer.
}
personas-none = Nobody has looked at the customers yet. Sada does so by itself from time to time.
personas-asked = Sada looks at all customers again. Load the page again in a moment.
personas-again = Look at all customers again
personas-at = As of { $it }
personas-print = To print
personas-export = As Markdown
personas-refused-too-few-customers = Too few customers for personas
personas-refused-one-cloud = There are no kinds of customers in this data
personas-refused-unstable = The groups do not hold
personas-refused-too-small = The groups are too small
personas-missing-too-few-customers = { $n } customers wrote at least twice; { $m } are needed.
personas-missing-one-cloud = Customers differ no more than chance makes them: groups as clear as the clearest found appear by chance with a probability of { $it }, and less than 2% is needed.
personas-missing-unstable = When customers are drawn anew, the groups agree with themselves by { $it } of 100; { $other } are needed.
personas-missing-too-small = The smallest group has { $n } customers; { $m } are needed to say anything of it.
personas-advice-too-few-customers = Send the customer’s pseudonym with each message, and look again when more have written.
personas-advice-one-cloud = That is a finding, too: read the themes and scores for all customers together. Made-up personas would mislead.
personas-advice-unstable = Customers differ, but who belongs together depends on who was asked. More messages of each customer may settle it.
personas-advice-too-small = Look again when more customers have written.
personas-how = How the number was chosen
personas-how-words = Two to four groups are tried. Each is found again with customers drawn anew; what counts is whether the same customers end up together, and whether groups as clear appear where what people write about is dealt out by chance.
personas-groups = Groups
personas-stability = Agreement
personas-weakest = Weakest group
personas-smallest = Smallest group
personas-chance = By chance

persona-size = { $n } of { $m } customers
persona-interval = { $it } to { $other }
persona-others = others { $it }
persona-distinct = tells them apart
persona-evidence = Evidence:
persona-unknown = Unknown: the data is silent.
persona-no-title = A theme that is gone
persona-stability-high = Very stable
persona-stability-good = Stable
persona-stability-fair = Fairly stable
persona-quotes = In their words
persona-scores = Ratings
persona-too-few-ratings = too few for a score
persona-ratings-n = { $form ->
    [one] { $n } rating
   *[other] { $n } ratings
}
persona-about = How this is known
persona-how = A share counts the customers who show something at least once, with the interval in which it lies with 95% confidence. What fewer than three customers show is not said. The group’s name comes from its own themes and channels.
persona-since = First found
persona-at = Last found
persona-feedback = Everything these customers wrote
persona-records = The messages behind the number

persona-needs = Needs: what they ask for
persona-pains = Pains: what they write unhappily about
persona-expectations = Expectations: what they say should be so
persona-feelings = Feelings
persona-topics = What they write about
persona-channels = Channels
persona-touchpoints = Touchpoints
persona-ratings = How they rate
persona-words = Typical words
persona-languages = Languages
persona-dialects = Kinds of Arabic
