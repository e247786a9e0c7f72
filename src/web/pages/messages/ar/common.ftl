# كل ما تقوله الصفحات بالعربية. لكل رسالة المعرّف نفسه والمتغيّرات نفسها في كل لغة.
# المتغيّر n عدد، والمتغيّر form صيغته: zero للصفر، وإلا فصيغة اللغة نفسها.

brand = صدى
skip = إلى المحتوى
percent = { $n }٪

messages-count = { $form ->
    [zero] لا رسائل
    [one] رسالة واحدة
    [two] رسالتان
    [few] { $n } رسائل
    [many] { $n } رسالة
   *[other] { $n } رسالة
}

due-minutes = { $form ->
    [zero] الآن
    [one] خلال دقيقة
    [two] خلال دقيقتين
    [few] خلال { $n } دقائق
   *[other] خلال { $n } دقيقة
}
due-hours = { $form ->
    [one] خلال ساعة
    [two] خلال ساعتين
    [few] خلال { $n } ساعات
   *[other] خلال { $n } ساعة
}
due-days = { $form ->
    [one] خلال يوم
    [two] خلال يومين
    [few] خلال { $n } أيام
   *[other] خلال { $n } يومًا
}
late-minutes = { $form ->
    [zero] حان الآن
    [one] متأخرة دقيقة
    [two] متأخرة دقيقتين
    [few] متأخرة { $n } دقائق
   *[other] متأخرة { $n } دقيقة
}
late-hours = { $form ->
    [one] متأخرة ساعة
    [two] متأخرة ساعتين
    [few] متأخرة { $n } ساعات
   *[other] متأخرة { $n } ساعة
}
late-days = { $form ->
    [one] متأخرة يومًا
    [two] متأخرة يومين
    [few] متأخرة { $n } أيام
   *[other] متأخرة { $n } يومًا
}

failure-home = العودة إلى البداية
failure-request = الطلب
failure-missing = لا شيء هنا
failure-missing-advice = العنوان غير صحيح، أو أن ما كان هنا لم يعد موجودًا.
failure-forbidden = لا تملك صلاحية ذلك
failure-forbidden-advice = دورك لا يسمح به. اسأل المسؤول عن صدى في فريقك.
failure-conflict = لم يعد هذا ممكنًا
failure-conflict-advice = سبقك أحد، أو لا يمكن ذلك من الحالة الحالية. عُد وحدّث الصفحة ثم انظر.
failure-invalid = في العنوان أو النموذج خطأ
failure-invalid-advice = عُد وصحّحه ثم حاول مرة أخرى.
failure-busy = طلبات كثيرة في وقت واحد
failure-busy-advice = انتظر لحظة ثم حاول مرة أخرى.
failure-unavailable = تعذّر الوصول إلى جزء من صدى
failure-unavailable-advice = لم يتغيّر شيء. حاول بعد بضع دقائق.
failure-internal = حدث خلل من جانبنا
failure-internal-advice = لم يضِع شيء. السجل يبيّن السبب تحت رقم هذا الطلب:

nav = الرئيسية
nav-overview = نظرة عامة
nav-inbox = الوارد
nav-themes = المواضيع
nav-feedback = الآراء
nav-search = بحث
nav-search-hint = ابحث بالمعنى أو بالكلمات
sign-in = تسجيل الدخول
sign-in-name = الاسم
sign-in-password = كلمة المرور
sign-in-wrong = الاسم أو كلمة المرور غير صحيحة.
sign-in-too-often = { $form ->
    [one] محاولات كثيرة. انتظر ثانية ثم حاول مرة أخرى.
    [two] محاولات كثيرة. انتظر ثانيتين ثم حاول مرة أخرى.
    [few] محاولات كثيرة. انتظر { $n } ثوانٍ ثم حاول مرة أخرى.
   *[other] محاولات كثيرة. انتظر { $n } ثانية ثم حاول مرة أخرى.
}
sign-in-help = ليس لديك حساب؟ ينشئه من يدير صدى:
sign-out = تسجيل الخروج

more = المزيد
save = حفظ

priority-P1 = P1
priority-P2 = P2
priority-P3 = P3
priority-P4 = P4
priority-long-P1 = P1 فورًا
priority-long-P2 = P2 اليوم أولًا
priority-long-P3 = P3 اليوم
priority-long-P4 = P4 عند التفرغ
status-active = النشطة
status-open = مفتوحة
status-pending = قيد الانتظار
status-solved = محلولة
status-closed = مغلقة
sentiment-negative = سلبي
sentiment-neutral = محايد
sentiment-positive = إيجابي
sentiment-mixed = مختلط
trigger-safety = السلامة
trigger-self-harm = إيذاء النفس
trigger-fraud = احتيال
trigger-privacy = الخصوصية
trigger-legal = تهديد قانوني
trigger-vulnerable = عميل يحتاج رعاية
trigger-churn = ينوي المغادرة
trigger-repeat-contact = تواصل متكرر
channel-survey = استبيان
channel-app-review = تقييم تطبيق
channel-review = تقييم
channel-social = تواصل اجتماعي
channel-call = مكالمة
channel-chat = محادثة
channel-email = بريد إلكتروني
channel-web = نموذج ويب
channel-behaviour = سلوك
channel-other = أخرى
rating-nps = NPS
rating-csat = CSAT
rating-ces = CES
language-ar = العربية
language-en = الإنجليزية
language-und = غير معروفة
dialect-msa = فصحى
dialect-gulf = خليجية
dialect-egyptian = مصرية
dialect-levantine = شامية
dialect-maghrebi = مغاربية
dialect-arabizi = عربيزي
handover-top-priority = الأولوية P1
handover-perhaps-top-priority = قد تكون P1
handover-vulnerable-customer = عميل يحتاج رعاية
handover-legal-threat = تهديد قانوني
handover-repeat-contact = المشكلة نفسها مرة أخرى
handover-asked-for-person = طلب التحدث مع موظف
handover-unsure = النموذج لا يعرف
abstained-sentiment = الشعور
abstained-urgency = الأولوية
abstained-route = القسم
abstained-language = اللغة
trend-growing = في ازدياد
trend-steady = مستقر
trend-fading = في تراجع
queue-security = الأمان
queue-payments = المدفوعات
queue-delivery = التوصيل
queue-technical = الدعم التقني
queue-complaints = الشكاوى
queue-retention = الاحتفاظ بالعملاء
queue-care = الرعاية الخاصة
queue-general = عام
queue-human-review = مراجعة بشرية

overview-title = هذا الأسبوع
overview-days = من { $it } إلى { $other }
overview-volume = الرسائل
overview-negative = السلبية
overview-top = الأولوية P1
overview-open = التذاكر النشطة
overview-before = { $n } في الأسبوع السابق
overview-overdue = { $form ->
    [zero] لا شيء متأخر
    [one] واحدة متأخرة
    [two] اثنتان متأخرتان
   *[other] { $n } متأخرة
}
overview-by-day = الرسائل حسب اليوم والشعور
overview-urgent = العاجل الآن
overview-all-open = { $form ->
    [one] التذكرة النشطة
    [two] التذكرتان النشطتان
    [few] كل التذاكر النشطة: { $n }
   *[other] كل التذاكر النشطة: { $n }
}
overview-growing = مواضيع في ازدياد
overview-grew = { $n } هذا الأسبوع
overview-chance = قد يكون مصادفة
overview-none-growing = لم يزدد أي موضوع هذا الأسبوع.
overview-nothing = لم يصل شيء بعد. أرسل الآراء عبر الواجهة البرمجية، أو استورد ملفًا:

inbox-total = { $form ->
    [zero] لا تذاكر
    [one] تذكرة واحدة
    [two] تذكرتان
    [few] { $n } تذاكر
   *[other] { $n } تذكرة
}
inbox-empty = لا شيء ينتظر هنا.

ticket = تذكرة
ticket-reply = الرد الأول
ticket-resolution = الحل
ticket-opened = فُتحت
ticket-change = تصحيح
ticket-facts = السبب والموعد
ticket-customer = العميل
ticket-no-history = لا شيء آخر من هذا العميل.
ticket-similar = آخرون عن الأمر نفسه
ticket-none-similar = لا شيء مشابه بعد.

theme = الموضوع
themes-of = { $form ->
    [zero] لا رسائل بعد.
    [one] وُجدت في رسالة واحدة.
    [two] وُجدت في رسالتين.
    [few] وُجدت في { $n } رسائل.
   *[other] وُجدت في { $n } رسالة.
}
themes-unassigned = { $it } منها بلا موضوع.
themes-messages = الرسائل
themes-share = النسبة
themes-negative = السلبية
themes-weeks = حسب الأسبوع
themes-map = خريطة المواضيع
themes-map-says = تتقارب المواضيع التي تتشابه أقوالها. كلما كبرت الدائرة كثرت رسائلها، والجزء الداخلي رسائل غير الراضين.
themes-none = لا مواضيع بعد. تظهر حين تكفي الرسائل.
theme-quotes = بكلمات العملاء
theme-all = { $form ->
    [one] الرسالة الوحيدة
    [two] الرسالتان
   *[other] كل الرسائل: { $n }
}
theme-feeling = الشعور
theme-words = كلمات هذا الموضوع
theme-rename = إعادة التسمية
theme-title = العنوان
theme-language = لغة العنوان
spark-title = الرسائل حسب الأسبوع، الأقدم أولًا: { $it }

filter-any = الكل
filter-apply = عرض
filter-late = متأخرة
filter-late-only = المتأخرة فقط
filter-status = الحالة
filter-priority = الأولوية
filter-queue = القسم
filter-customer = العميل
filter-sentiment = الشعور
filter-channel = القناة
filter-touchpoint = نقطة التواصل
filter-language = اللغة
filter-theme = الموضوع
filter-from = من
filter-to = إلى

feedback-none = لا شيء يطابق.
record = رسالة
record-details = التفاصيل
record-ticket = إلى تذكرتها
record-known = ما نعرفه
record-given = التاريخ
record-handover = لموظف
record-withheld = لم يُجزم بها
record-unread = لم تُقرأ بعد
record-unread-help = تنتظر النموذج؛ حدّث الصفحة بعد لحظة.

search-help = ما يحوي الكلمات أولًا، ثم ما يحمل المعنى نفسه بأي لغة.
search-words = بهذه الكلمات
search-no-words = لا رسالة تحوي هذه الكلمات.
search-meaning = بهذا المعنى

reason-impact = الأثر
reason-urgency = الاستعجال
level-low = منخفض
level-medium = متوسط
level-high = مرتفع
