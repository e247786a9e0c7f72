# الجديد والاستيراد والإعدادات وسجل التدقيق.

live-messages = { $form ->
    [one] رسالة جديدة: اعرضها
    [two] رسالتان جديدتان: اعرضهما
    [few] { $n } رسائل جديدة: اعرضها
   *[other] { $n } رسالة جديدة: اعرضها
}
live-tickets = { $form ->
    [one] تذكرة جديدة أو معدّلة: اعرضها
    [two] تذكرتان جديدتان أو معدّلتان: اعرضهما
    [few] { $n } تذاكر جديدة أو معدّلة: اعرضها
   *[other] { $n } تذكرة جديدة أو معدّلة: اعرضها
}

span-minutes = { $form ->
    [one] دقيقة
    [two] دقيقتان
    [few] { $n } دقائق
   *[other] { $n } دقيقة
}
span-hours = { $form ->
    [one] ساعة
    [two] ساعتان
    [few] { $n } ساعات
   *[other] { $n } ساعة
}
span-days = { $form ->
    [one] يوم
    [two] يومان
    [few] { $n } أيام
   *[other] { $n } يومًا
}

nav-import = استيراد
nav-settings = الإعدادات
nav-audit = سجل التدقيق

import-help = أدخل ملفًا من آراء العملاء: CSV أو NDJSON أو XLSX. ترى ما فيه قبل أن يحدث أي شيء.
import-file = اختر ملفًا أو أسقطه هنا
import-look = عرض ما فيه
import-largest = الحد الأقصى { $n } ميغابايت؛ وللملفات الأكبر استخدم الأمر sada import أو الواجهة البرمجية.
import-privacy = ينتظر الملف على هذا الخادم ولا يقرؤه إلا صدى، ويُحذف بعد استيراده أو بعد ساعة. تُحجب البيانات الشخصية قبل حفظ أي شيء.
import-before = عمليات الاستيراد السابقة
import-none = لم يُستورد شيء من هذه الصفحة بعد.
import-empty = لا شيء في هذا الملف. اختر ملفًا فيه سطر واحد على الأقل من آراء العملاء.
import-too-large = هذا الملف أكبر من { $n } ميغابايت. قسّمه، أو استورده بالأمر sada import أو بالواجهة البرمجية.
import-broke-off = لم يصل الملف كاملًا. أرسله مرة أخرى.
import-lines = { $form ->
    [zero] لا أسطر
    [one] سطر واحد
    [two] سطران
    [few] { $n } أسطر
   *[other] { $n } سطرًا
}
import-refused = { $form ->
    [zero] لم يُرفض أي سطر
    [one] رُفض سطر واحد
    [two] رُفض سطران
    [few] رُفضت { $n } أسطر
   *[other] رُفض { $n } سطرًا
}
import-columns = الأعمدة والصفوف الأولى
import-becomes = ما تصير إليه الأسطر الأولى
import-no-lines = لا سطر يمكن عرضه.
import-line = السطر { $n }
import-would-refuse = سيُرفض
import-header = الصف الأول
import-header-yes = أسماء الأعمدة
import-header-no = من آراء العملاء
import-encoding = الترميز
import-channel = قناة الأسطر التي لا تذكرها
import-source = النظام الذي جاء منه
import-guess = كما اكتُشف
import-guessed = كما اكتُشف: { $it }
import-sheet = الورقة { $it }
import-go = استيراد
import-again = اعرض من جديد
import-discard = حذف الملف
import-safe = الأسطر التي لها معرّف تُحفظ مرة واحدة مهما تكرر استيراد الملف.
import-see = عرض الآراء
import-reason = السبب
import-download = تنزيل الأسطر المرفوضة
import-download-help = أول ١٠٬٠٠٠ سطر مع أسبابها؛ وتُحفظ ٣٠ يومًا.
import-count-lines = السطر
import-count-done = الأسطر المقروءة
import-count-new = جديد
import-count-duplicates = موجود من قبل
import-count-refused = مرفوض
import-state-waiting = بانتظارك
import-state-running = قيد الاستيراد
import-state-done = اكتمل
import-state-failed = توقف
import-state-expired = حُذف دون استيراد
import-fault-gone = لم يعد الملف موجودًا. ما قُرئ قبل ذلك محفوظ؛ أرسل الملف مرة أخرى لإكمال الباقي.
import-fault-unreadable = تعذّرت قراءة الملف. هل هو ملف CSV أو NDJSON أو XLSX؟
import-fault-broken-off = انتهى الملف قبل أوانه. ما جاء قبل ذلك محفوظ.
import-fault-given-up = فشل هذا مرارًا فتُرك. ما قُرئ قبل ذلك محفوظ، والسبب في السجل.
import-fault-encoding = لا يوجد ترميز باسم { $it }.
import-fault-assignment = { $it } لا يعيّن شيئًا.
import-fault-column = لا يوجد عمود باسم { $it }.
import-fault-method = قيم العمود { $it } لا تدل على نوع التقييم. اختر له NPS أو CSAT أو CES أو النجوم.
import-fault-text = لا يبدو أي عمود أنه ما كتبه العملاء. اختر العمود الصحيح.
import-fault-sheet = لا توجد ورقة باسم { $it }.
import-fault-workbook = تعذّرت قراءة المصنف: { $it }. احفظه بصيغة XLSX أو CSV دون كلمة مرور.
import-field-text = النص
import-field-question = السؤال
import-field-rating = التقييم
import-field-nps = ‏NPS من ٠ إلى ١٠
import-field-csat = ‏CSAT من ١ إلى ٥
import-field-ces = ‏CES من ١ إلى ٧
import-field-stars = نجوم من ١ إلى ٥
import-field-channel = القناة
import-field-source-kind = نوع المصدر
import-field-touchpoint = نقطة التواصل
import-field-customer = العميل
import-field-date = التاريخ
import-field-source = النظام
import-field-id = المعرّف
import-field-metadata = يُحفظ بجانبه
import-field-none = لا يُستورد

settings-help = الأقسام ومواعيد الاستحقاق في ملف الإعدادات؛ أما الأشخاص والرموز فتُغيَّر هنا.
settings-queues = الأقسام
settings-examples = أمثلة
settings-hours = { $it }، { $other }
settings-lines = كأسطر في ملف الإعدادات
settings-due = مواعيد الاستحقاق
settings-people = الأشخاص
settings-role = الدور
settings-more = كلمة المرور والإزالة
settings-new-password = كلمة مرور جديدة
settings-remove = إزالة
settings-new-person = شخص جديد
settings-create = إنشاء
settings-tokens = الرموز
settings-no-tokens = لا رموز بعد.
settings-new-token = رمز جديد
settings-token-name = الغرض منه
settings-token-days = أيام صلاحيته
settings-token-scopes = ما يسمح به
settings-revoke = سحب
settings-secret = الرمز الجديد، يُعرض هذه المرة فقط:
settings-to-audit = فتح
settings-file = ما هو سارٍ
settings-file-help = للقراءة فقط: غيّر ملف الإعدادات ثم أعد تشغيل صدى. كل المفاتيح مع شرحها:
settings-all = كل الإعدادات
settings-key = المفتاح
settings-value = القيمة
settings-source = المصدر
settings-from-default = الافتراضي
settings-from-environment = متغيرات البيئة
settings-from-flag = سطر الأوامر
settings-bad-token = يحتاج الرمز إلى اسم وإلى صلاحية واحدة على الأقل؛ والأيام عدد صحيح من ١.
settings-bad-name = الاسم من حرف إلى ١٠٠ حرف ودون مسافات.
settings-bad-role = لا يوجد دور كهذا.
settings-bad-password = كلمة المرور ١٢ حرفًا على الأقل؛ وبضع كلمات متتالية يسهل تذكرها.
settings-name-taken = هذا الاسم مستخدم.
settings-last-admin = هذا هو المدير العام الوحيد. عيّن غيره أولًا.
role-viewer = مطّلع: يقرأ
role-agent = موظف: يعالج التذاكر
role-manager = مشرف: يصحح المواضيع
role-admin = مدير عام: كل شيء
token-state-works = يعمل
token-state-revoked = مسحوب
token-state-expired = انتهى
weekday-sun = الأحد
weekday-mon = الإثنين
weekday-tue = الثلاثاء
weekday-wed = الأربعاء
weekday-thu = الخميس
weekday-fri = الجمعة
weekday-sat = السبت

audit-help = من غيّر ماذا ومن دخل؛ ولا يحوي كلام العملاء أبدًا.
audit-action = ماذا
audit-by = من
audit-subject = على ماذا (معرّف أو اسم)
audit-token = الرمز { $it }
audit-actor-operator = على الجهاز نفسه
audit-actor-nobody = غير معروف
audit-became = { $it } ← { $other }
audit-subject-ticket = تذكرة
audit-subject-theme = موضوع
audit-subject-user = شخص
audit-subject-token = رمز
audit-subject-import = استيراد
audit-subject-feedback = رأي
audit-subject-journey = رحلة
audit-detail-change = التغيير
audit-detail-undone = تراجع
audit-detail-status = الحالة
audit-detail-priority = الأولوية
audit-detail-queue = القسم
audit-detail-role = الدور
audit-detail-name = الاسم
audit-detail-scopes = يسمح بـ
audit-detail-bytes = البايتات
audit-detail-source = النظام
audit-detail-accepted = جديد
audit-detail-duplicates = موجود من قبل
audit-detail-refused = مرفوض
audit-detail-fault = توقف بسبب
audit-detail-what = ماذا
action-signed-in = دخول
action-sign-in-refused = رُفض الدخول
action-ticket-corrected = تصحيح تذكرة
action-lesson-forgotten = سُحب ما تعلّمه التوجيه
action-theme-changed = تغيير موضوع
action-journey-changed = تغيير رحلة
action-user-created = إنشاء شخص
action-role-changed = تغيير دور
action-password-changed = تغيير كلمة مرور
action-user-removed = إزالة شخص
action-token-created = إنشاء رمز
action-token-revoked = سحب رمز
action-settings-changed = تغيير الإعدادات
action-import-started = بدء استيراد
action-import-finished = انتهاء استيراد
action-exported = تصدير

ticket-all-of-customer = كل ما كتبه هذا العميل
date-both = { $it } ({ $other })
