# What the pages of journeys say in English.

nav-journeys = Journeys
journeys-about = How it should be for customers step by step, how it is, and where the two part.
journeys-built-in = comes along with Sada
journeys-written = written { $it } by
journeys-file = The file
journeys-edit = Write
journeys-new = A new journey
journeys-id = Its name in addresses, in small Latin letters
journeys-begin = Begin

journey-covered = { $n } of { $m } messages fall on a step.
journey-of = { $n } of { $m }
journey-range = ({ $it } to { $other })
journey-severity = Severity { $it }
journey-point = { $it }: { $other } unhappy
journey-line-title = Unhappy messages, step by step
journey-legend-ideal = as much as the ideal tolerates
journey-legend-actual = as it is, with the 95 % interval
journey-legend-gap = a gap
journey-gaps = Gaps, the heaviest first
journey-no-gaps = No step is worse than the ideal tolerates.
journey-gaps-help = A gap is a step where more messages are unhappy than the ideal tolerates, with 95 % confidence. Gaps are ranked by messages times severity; severity is what is sure of unhappy messages, urgent ones and low ratings.
journey-unhappy = Unhappy
journey-question = Question
journey-ideal = Ideal
journey-actual = Actual
journey-expects = What do they expect?
journey-thinks = What do they think?
journey-feels = What do they feel?
journey-touchpoints = Where is it?
journey-rated = Ratings and effort
journey-silent = Not heard of again
journey-silent-more = more than elsewhere
journey-elsewhere = customers; { $it } at the other steps
journey-words = Their words:
journey-now = last four weeks
journey-before = four before
journey-worse = Getting worse.
journey-better = Getting better.
journey-same = No change beyond chance.
journey-unknown = Not known: nobody speaks of it.
journey-too-few = too few for a score
journey-ratings = { $form ->
    [one] { $n } rating
   *[other] { $n } ratings
}
journey-by-meaning = { $form ->
    [one] one placed by its meaning
   *[other] { $n } placed by their meaning
}
journey-help = A message falls on the step that names its touchpoint, else on the step that it is clearly nearest to in meaning, else on none. Expectations are told from customers' words, thoughts from themes, feelings from the sentiment of texts. Whoever is not heard of again has not necessarily left. The ranges are 95 % intervals.
expectation-unmet = Missed or late
expectation-asked = Asked for
filter-journey = Journey
filter-step = Step
filter-expectation = Expectation
filter-last-before = Last of its customer, before

journey-edit-title = Write the journey { $it }
journey-edit-help = Steps in order. Touchpoints, a description and examples say which messages fall on a step; expects, thinks and feels say how it should be.
journey-edit-file = The file (TOML); paste another one to import it
journey-restore = Back to the journey that came along
journey-remove = Remove this journey
journey-faults = { $form ->
    [one] Not saved: there is a fault
   *[other] Not saved: there are { $n } faults
}
journey-line = Line { $n }:
journey-fault-toml = { $it }
journey-fault-file-too-long = The file is too long{ $it }; shorten the examples.
journey-fault-no-steps = There is no step{ $it }. Add a table [[step]] with id, title and touchpoints or examples.
journey-fault-too-many = Too many { $it }: a journey has at most 20 steps, a step 40 touchpoints and 60 examples.
journey-fault-bad-id = “{ $it }” is no id. Use small Latin letters, digits, - and _, a letter first.
journey-fault-id-twice = Another step has the id “{ $it }”. Give this one a name of its own.
journey-fault-no-words = “{ $it }” has no words. Write them in one language at least.
journey-fault-bad-words = The words of “{ $it }” are empty or longer than 600 characters.
journey-fault-personal = The words of “{ $it }” hold personal data. Write them without it.
journey-fault-bad-language = “{ $it }” is no language. Use its code, like ar or en.
journey-fault-bad-touchpoint = “{ $it }” is no touchpoint: it has 1 to 200 characters.
journey-fault-touchpoint-twice = The touchpoint “{ $it }” is named twice. A message falls on one step only.
journey-fault-nothing-falls = Nothing falls on the step “{ $it }”. Name touchpoints, or write a description or examples.
journey-fault-bad-share = “{ $it }” is no share. Use a number from 0 to 1, like 0.1.

overview-gaps = Top gaps of the journey
overview-gap = { $it } are unhappy
overview-no-gaps = No step is worse than the ideal tolerates.
