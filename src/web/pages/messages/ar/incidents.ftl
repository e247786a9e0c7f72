# مشكلة واحدة عند عملاء كثيرين في وقت واحد.

incident = حادثة
incident-touched = { $it } من { $other }
customers-count = { $form ->
    [zero] عملاء غير معروفين
    [one] عميل واحد
    [two] عميلين
    [few] { $n } عملاء
   *[other] { $n } عميلًا
}
incident-since = منذ { $it }
incident-noticed = اكتُشفت { $it }
incident-last = آخر رسالة { $it }
incident-messages = الرسائل
incident-customers = العملاء المتأثرون
incident-unknown = دون عميل معروف
incident-active-tickets = التذاكر النشطة
incident-texts = ما يكتبه العملاء
incident-course = سير الحادثة
incident-by-time = الرسائل كل عشر دقائق، الأقدم أولًا: { $it }
incident-tickets = تذاكرها النشطة
incident-close = إغلاق الحادثة
incident-close-help = أغلقها حين تنتهي المشكلة. إن استمرت فُتحت حادثة جديدة، وتبقى التذاكر كما هي.
ticket-incident = جزء من حادثة
filter-incident = الحادثة
filter-incident-only = هذه فقط
action-incident-closed = إغلاق حادثة
audit-subject-incident = حادثة
