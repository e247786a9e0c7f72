# What is new, imports, settings, the audit log.

live-messages = { $form ->
    [one] { $n } new message: show it
   *[other] { $n } new messages: show them
}
live-tickets = { $form ->
    [one] { $n } ticket is new or changed: show it
   *[other] { $n } tickets are new or changed: show them
}

span-minutes = { $form ->
    [one] { $n } minute
   *[other] { $n } minutes
}
span-hours = { $form ->
    [one] { $n } hour
   *[other] { $n } hours
}
span-days = { $form ->
    [one] { $n } day
   *[other] { $n } days
}

nav-import = Import
nav-settings = Settings
nav-audit = Audit log

import-help = Take in a file of feedback: CSV, NDJSON or XLSX. You see what is in it before anything happens.
import-file = Choose a file or drop it here
import-look = See what is in it
import-largest = At most { $n } MB; for larger files there are sada import and the API.
import-privacy = The file waits on this server, readable by Sada alone, and is deleted once it is imported or after an hour. Personal data is masked before anything is stored.
import-before = Imports before
import-none = Nothing was imported on this page yet.
import-empty = There is nothing in this file. Choose one with at least one line of feedback.
import-too-large = This file is larger than { $n } MB. Split it, or import it with sada import or the API.
import-broke-off = The file did not arrive whole. Send it again.
import-lines = { $form ->
    [one] { $n } line
   *[other] { $n } lines
}
import-refused = { $form ->
    [one] { $n } line refused
   *[other] { $n } lines refused
}
import-columns = Columns and first rows
import-becomes = What the first lines become
import-no-lines = No line can be shown.
import-line = Line { $n }
import-would-refuse = would be refused
import-header = First row
import-header-yes = Names the columns
import-header-no = Is feedback
import-encoding = Encoding
import-channel = Channel of lines that don't say
import-source = System it comes from
import-guess = As detected
import-guessed = As detected: { $it }
import-sheet = Sheet { $it }
import-go = Import
import-again = Show again
import-discard = Delete the file
import-safe = Lines with an id are stored once, however often the file is imported.
import-see = See the feedback
import-reason = Reason
import-download = Download the refused lines
import-download-help = The first 10,000, with their reasons; kept for 30 days.
import-count-lines = Line
import-count-done = Lines read
import-count-new = New
import-count-duplicates = There already
import-count-refused = Refused
import-state-waiting = Waits for you
import-state-running = Is being imported
import-state-done = Imported
import-state-failed = Stopped
import-state-expired = Deleted unread
import-fault-gone = The file is gone. What was read before is kept; send the file again for the rest.
import-fault-unreadable = The file can't be read. Is it a CSV, NDJSON or XLSX file?
import-fault-broken-off = The file ended too early. What came before is kept.
import-fault-given-up = This failed too often and was given up. What was read before is kept; the log tells why.
import-fault-encoding = There is no encoding { $it }.
import-fault-assignment = { $it } assigns nothing.
import-fault-column = There is no column { $it }.
import-fault-method = The values of the column { $it } don't tell which rating they are. Choose NPS, CSAT, CES or stars for it.
import-fault-text = No column looks like what customers wrote. Choose the one that does.
import-fault-sheet = There is no sheet { $it }.
import-fault-workbook = The workbook can't be read: { $it }. Save it as XLSX or CSV without a password.
import-field-text = Text
import-field-question = Question
import-field-rating = Rating
import-field-nps = NPS, 0–10
import-field-csat = CSAT, 1–5
import-field-ces = CES, 1–7
import-field-stars = Stars, 1–5
import-field-channel = Channel
import-field-source-kind = Kind of source
import-field-touchpoint = Touchpoint
import-field-customer = Customer
import-field-date = Date
import-field-source = System
import-field-id = Id
import-field-metadata = Kept beside
import-field-none = Left out

settings-help = Queues and due times stand in the settings file; people and tokens are changed here.
settings-queues = Queues
settings-examples = Examples
settings-hours = { $it }, { $other }
settings-lines = As lines of the settings file
settings-due = Due times
settings-people = People
settings-role = Role
settings-more = Password, removal
settings-new-password = New password
settings-remove = Remove
settings-new-person = Somebody new
settings-create = Create
settings-tokens = Tokens
settings-no-tokens = No tokens yet.
settings-new-token = A new token
settings-token-name = What it is for
settings-token-days = Days until it ends
settings-token-scopes = What it allows
settings-revoke = Withdraw
settings-secret = The new token, shown this once:
settings-to-audit = Open
settings-file = What applies
settings-file-help = Read-only: change the settings file and start Sada again. All keys with comments:
settings-all = Every setting
settings-key = Key
settings-value = Value
settings-source = From
settings-from-default = Default
settings-from-environment = Environment
settings-from-flag = Command line
settings-bad-token = A token needs a name and at least one thing that it allows; days are a whole number from 1.
settings-bad-name = A name has 1 to 100 characters and no spaces.
settings-bad-role = There is no such role.
settings-bad-password = A password has at least 12 characters; a few words in a row are easy to remember.
settings-name-taken = Somebody has this name already.
settings-last-admin = This is the only admin. Make somebody else an admin first.
role-viewer = Viewer: reads
role-agent = Agent: works on tickets
role-manager = Manager: corrects themes
role-admin = Admin: everything
token-state-works = Works
token-state-revoked = Withdrawn
token-state-expired = Ended
weekday-sun = Sunday
weekday-mon = Monday
weekday-tue = Tuesday
weekday-wed = Wednesday
weekday-thu = Thursday
weekday-fri = Friday
weekday-sat = Saturday

audit-help = Who changed what, and who signed in; customers' words are never in it.
audit-action = What
audit-by = Who
audit-subject = Of what (id or name)
audit-token = Token { $it }
audit-actor-operator = On the machine
audit-actor-nobody = Unknown
audit-became = { $it } → { $other }
audit-subject-ticket = Ticket
audit-subject-theme = Theme
audit-subject-user = Person
audit-subject-token = Token
audit-subject-import = Import
audit-subject-feedback = Feedback
audit-subject-journey = Journey
audit-detail-change = Change
audit-detail-undone = Undone
audit-detail-status = Status
audit-detail-priority = Priority
audit-detail-queue = Queue
audit-detail-role = Role
audit-detail-name = Name
audit-detail-scopes = Allows
audit-detail-bytes = Bytes
audit-detail-source = System
audit-detail-accepted = New
audit-detail-duplicates = There already
audit-detail-refused = Refused
audit-detail-fault = Stopped by
audit-detail-what = What
action-signed-in = Signed in
action-sign-in-refused = Sign-in refused
action-ticket-corrected = Ticket corrected
action-lesson-forgotten = Lesson taken back
action-theme-changed = Theme changed
action-journey-changed = Journey changed
action-user-created = Person created
action-role-changed = Role changed
action-password-changed = Password changed
action-user-removed = Person removed
action-token-created = Token created
action-token-revoked = Token withdrawn
action-settings-changed = Settings changed
action-import-started = Import begun
action-import-finished = Import ended
action-exported = Exported

ticket-all-of-customer = All of this customer
date-both = { $it } ({ $other })
