# Many customers with the same trouble at once.

incident = Incident
incident-touched = { $it } from { $other }
customers-count = { $form ->
    [zero] unknown customers
    [one] { $n } customer
   *[other] { $n } customers
}
incident-since = since { $it }
incident-noticed = noticed { $it }
incident-last = last message { $it }
incident-messages = Messages
incident-customers = Customers touched
incident-unknown = Without a customer
incident-active-tickets = Active tickets
incident-texts = What customers write
incident-course = How it goes on
incident-by-time = Messages by ten minutes, oldest first: { $it }
incident-tickets = Its active tickets
incident-close = Close the incident
incident-close-help = Close it when the trouble is over. If it goes on, a new incident opens; tickets stay as they are.
ticket-incident = Part of an incident
filter-incident = Incident
filter-incident-only = Only this one
action-incident-closed = Incident closed
audit-subject-incident = Incident
