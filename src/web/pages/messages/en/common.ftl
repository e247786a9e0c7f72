# Every message of the pages, in English. A message has the same id and the same variables in each language.
# $n is a number, $form its plural form: zero for nothing, else the language's own.

brand = Sada
skip = Skip to the content
percent = { $n }%

messages-count = { $form ->
    [one] { $n } message
   *[other] { $n } messages
}

due-minutes = { $form ->
    [one] in { $n } minute
   *[other] in { $n } minutes
}
due-hours = { $form ->
    [one] in { $n } hour
   *[other] in { $n } hours
}
due-days = { $form ->
    [one] in { $n } day
   *[other] in { $n } days
}
late-minutes = { $form ->
    [one] { $n } minute late
   *[other] { $n } minutes late
}
late-hours = { $form ->
    [one] { $n } hour late
   *[other] { $n } hours late
}
late-days = { $form ->
    [one] { $n } day late
   *[other] { $n } days late
}

failure-home = Back to the start
failure-request = Request
failure-missing = There is nothing here
failure-missing-advice = The address is wrong, or what it led to is gone.
failure-forbidden = You may not do this
failure-forbidden-advice = Your role does not allow it. Ask whoever looks after Sada in your team.
failure-conflict = This does not fit any more
failure-conflict-advice = Somebody was quicker, or it can't be done from here. Go back, load the page again and look.
failure-invalid = Something in the address or the form is wrong
failure-invalid-advice = Go back, correct it and try again.
failure-busy = Too much at once
failure-busy-advice = Wait a moment and try again.
failure-unavailable = A part of Sada can't be reached
failure-unavailable-advice = Nothing was changed. Try again in a few minutes.
failure-internal = This failed on our side
failure-internal-advice = Nothing was lost. The log tells why, under this request:

nav = Main
nav-overview = Overview
nav-inbox = Inbox
nav-themes = Themes
nav-feedback = Feedback
nav-search = Search
nav-search-hint = Search by meaning or words
sign-in = Sign in
sign-in-name = Name
sign-in-password = Password
sign-in-wrong = The name or the password is wrong.
sign-in-too-often = { $form ->
    [one] Too many tries. Wait { $n } second and try again.
   *[other] Too many tries. Wait { $n } seconds and try again.
}
sign-in-help = No account yet? Whoever runs Sada makes one:
sign-out = Sign out

more = More
save = Save

priority-P1 = P1
priority-P2 = P2
priority-P3 = P3
priority-P4 = P4
priority-long-P1 = P1, at once
priority-long-P2 = P2, today first
priority-long-P3 = P3, today
priority-long-P4 = P4, when there is time
status-active = Active
status-open = Open
status-pending = Pending
status-solved = Solved
status-closed = Closed
sentiment-negative = Negative
sentiment-neutral = Neutral
sentiment-positive = Positive
sentiment-mixed = Mixed
trigger-safety = Safety
trigger-self-harm = Self-harm
trigger-fraud = Fraud
trigger-privacy = Privacy
trigger-legal = Legal threat
trigger-vulnerable = Vulnerable customer
trigger-churn = Means to leave
trigger-repeat-contact = Repeated contact
channel-survey = Survey
channel-app-review = App review
channel-review = Review
channel-social = Social media
channel-call = Call
channel-chat = Chat
channel-email = E-mail
channel-web = Web form
channel-behaviour = Behaviour
channel-other = Other
rating-nps = NPS
rating-csat = CSAT
rating-ces = CES
language-ar = Arabic
language-en = English
language-und = Unknown
dialect-msa = Standard
dialect-gulf = Gulf
dialect-egyptian = Egyptian
dialect-levantine = Levantine
dialect-maghrebi = Maghrebi
dialect-arabizi = Arabizi
handover-top-priority = Priority P1
handover-perhaps-top-priority = May be P1 after all
handover-vulnerable-customer = Vulnerable customer
handover-legal-threat = Legal threat
handover-repeat-contact = The same problem again
handover-asked-for-person = Asked for a person
handover-unsure = The model does not know
abstained-sentiment = Sentiment
abstained-urgency = Priority
abstained-route = Queue
abstained-language = Language
trend-growing = Growing
trend-steady = Steady
trend-fading = Fading
queue-security = Security
queue-payments = Payments
queue-delivery = Delivery
queue-technical = Technical
queue-complaints = Complaints
queue-retention = Retention
queue-care = Special care
queue-general = General
queue-human-review = Human review

overview-title = This week
overview-days = { $it } to { $other }
overview-volume = Messages
overview-negative = Negative
overview-top = Priority P1
overview-open = Active tickets
overview-before = { $n } the week before
overview-overdue = { $form ->
    [zero] none overdue
   *[other] { $n } overdue
}
overview-by-day = Messages by day and feeling
overview-urgent = Urgent now
overview-all-open = { $form ->
    [one] The active ticket
   *[other] All { $n } active tickets
}
overview-growing = Growing themes
overview-grew = { $n } this week
overview-chance = may be chance
overview-none-growing = No theme has grown this week.
overview-nothing = Nothing has come in yet. Send feedback to the API, or import a file:

inbox-total = { $form ->
    [zero] No tickets
    [one] { $n } ticket
   *[other] { $n } tickets
}
inbox-empty = Nothing waits here.

ticket = Ticket
ticket-reply = First reply
ticket-resolution = Solution
ticket-opened = Opened
ticket-change = Correct
ticket-facts = Why and by when
ticket-customer = Customer
ticket-no-history = Nothing else of this customer.
ticket-similar = Others about the same
ticket-none-similar = Nothing similar yet.

theme = Theme
themes-of = { $form ->
    [one] Found in { $n } message.
   *[other] Found in { $n } messages.
}
themes-unassigned = { $it } belong to none.
themes-messages = Messages
themes-share = Share
themes-negative = Negative
themes-weeks = By week
themes-map = Map of themes
themes-map-says = Themes near each other say alike. The larger a circle, the more messages; the inner part are the unhappy ones.
themes-none = No themes yet. They are found once there are messages enough.
theme-quotes = In customers' words
theme-all = { $form ->
    [one] The only message
   *[other] All { $n } messages
}
theme-feeling = Sentiment
theme-words = Words of this theme
theme-rename = Rename
theme-title = Title
theme-language = Language of the title
spark-title = Messages by week, oldest first: { $it }

filter-any = Any
filter-apply = Show
filter-late = Overdue
filter-late-only = Only overdue
filter-status = Status
filter-priority = Priority
filter-queue = Queue
filter-customer = Customer
filter-sentiment = Sentiment
filter-channel = Channel
filter-touchpoint = Touchpoint
filter-language = Language
filter-theme = Theme
filter-from = From
filter-to = To

feedback-none = Nothing fits.
record = Message
record-details = Details
record-ticket = To its ticket
record-known = What is known
record-given = Given
record-handover = For a person
record-withheld = Withheld
record-unread = Not read yet
record-unread-help = It waits for the model; load the page again in a moment.

search-help = What holds the words comes first, then what means the same in any language.
search-words = With these words
search-no-words = No message holds these words.
search-meaning = With this meaning

reason-impact = Impact
reason-urgency = Urgency
level-low = low
level-medium = medium
level-high = high
