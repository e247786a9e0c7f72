nav-personas = الشخصيات
filter-persona = الشخصية

personas-of = { $form ->
    [zero] لم يُفرَز أي عميل بعد؛ عدد الرسائل: { $m }.
    [one] فُرز عميل واحد بحسب { $m } من رسائله.
    [two] فُرز عميلان بحسب { $m } من الرسائل.
    [few] فُرز { $n } عملاء بحسب { $m } من الرسائل.
    [many] فُرز { $n } عميلًا بحسب { $m } من الرسائل.
   *[other] فُرز { $n } عميل بحسب { $m } من الرسائل.
}
personas-left-out = { $form ->
    [one] وكتب عميل آخر مرة واحدة فقط.
    [two] وكتب عميلان آخران مرة واحدة فقط.
    [few] وكتب { $n } عملاء آخرون مرة واحدة فقط.
    [many] وكتب { $n } عميلًا آخر مرة واحدة فقط.
   *[other] وكتب { $n } عميل آخر مرة واحدة فقط.
}
personas-anonymous = { $form ->
    [one] ورسالة واحدة لا تذكر عميلًا.
    [two] ورسالتان لا تذكران عميلًا.
    [few] و{ $n } رسائل لا تذكر عميلًا.
   *[other] و{ $n } رسالة لا تذكر عميلًا.
}
personas-none = لم يُنظر في العملاء بعد. يفعل صدى ذلك من تلقاء نفسه من حين إلى آخر.
personas-asked = ينظر صدى الآن في جميع العملاء من جديد. حدّث الصفحة بعد لحظة.
personas-again = انظر في جميع العملاء من جديد
personas-at = حتى { $it }
personas-print = للطباعة
personas-export = بصيغة Markdown
personas-refused-too-few-customers = العملاء أقل من أن تُستخرج منهم شخصيات
personas-refused-one-cloud = لا أنواع مختلفة من العملاء في هذه البيانات
personas-refused-unstable = المجموعات لا تثبت
personas-refused-too-small = المجموعات أصغر مما يلزم
personas-missing-too-few-customers = كتب مرتين على الأقل { $n } من العملاء، والمطلوب { $m }.
personas-missing-one-cloud = لا يختلف العملاء أكثر مما تفعله المصادفة: فأوضح ما وُجد من مجموعات يظهر مثله مصادفةً باحتمال { $it }، والمطلوب أقل من ٢٪.
personas-missing-unstable = حين يُسحب العملاء من جديد تتفق المجموعات مع نفسها بمقدار { $it } من ١٠٠، والمطلوب { $other }.
personas-missing-too-small = في أصغر مجموعة { $n } من العملاء، والمطلوب { $m } ليُقال عنها شيء.
personas-advice-too-few-customers = أرسِل الاسم المستعار للعميل مع كل رسالة، ثم انظر من جديد حين يكتب المزيد.
personas-advice-one-cloud = وهذه نتيجة أيضًا: اقرأ المواضيع والدرجات لجميع العملاء معًا، فالشخصيات المختلقة تضلّل.
personas-advice-unstable = يختلف العملاء فعلًا، لكن من ينتمي إلى من يتوقف على من سُئل. قد تحسم الأمرَ رسائلُ أكثر من كل عميل.
personas-advice-too-small = انظر من جديد حين يكتب عملاء أكثر.
personas-how = كيف اختير العدد
personas-how-words = تُجرَّب مجموعتان إلى أربع. تُستخرج كل قسمة من جديد بعملاء يُسحبون مرة أخرى، والعبرة بأن يبقى العملاء أنفسهم معًا، وبألا تظهر مجموعات بهذا الوضوح حين توزَّع مواضيع الرسائل بالمصادفة.
personas-groups = المجموعات
personas-stability = الاتفاق
personas-weakest = أضعف مجموعة
personas-smallest = أصغر مجموعة
personas-chance = بالمصادفة

persona-size = { $n } من { $m } عميل
persona-interval = من { $it } إلى { $other }
persona-others = لدى غيرهم { $it }
persona-distinct = يميّزهم
persona-evidence = الدليل:
persona-unknown = غير معروف: البيانات لا تقول شيئًا.
persona-no-title = موضوع لم يعد موجودًا
persona-stability-high = ثابتة جدًا
persona-stability-good = ثابتة
persona-stability-fair = ثابتة إلى حد ما
persona-quotes = بكلماتهم
persona-scores = التقييمات
persona-too-few-ratings = أقل من أن تُحسب درجة
persona-ratings-n = { $form ->
    [one] تقييم واحد
    [two] تقييمان
    [few] { $n } تقييمات
    [many] { $n } تقييمًا
   *[other] { $n } تقييم
}
persona-about = كيف عُرف هذا
persona-how = تعدّ كل نسبة العملاء الذين ظهر منهم الشيء مرة على الأقل، مع المجال الذي تقع فيه بثقة ٩٥٪. وما يظهر من أقل من ثلاثة عملاء لا يُقال. واسم المجموعة من مواضيعها وقنواتها هي.
persona-since = وُجدت أول مرة
persona-at = وُجدت آخر مرة
persona-feedback = كل ما كتبه هؤلاء العملاء
persona-records = الرسائل وراء الرقم

persona-needs = الاحتياجات: ما يطلبونه
persona-pains = ما يزعجهم: ما يكتبون عنه باستياء
persona-expectations = التوقعات: ما يقولون إنه المفروض
persona-feelings = المشاعر
persona-topics = ما يكتبون عنه
persona-channels = القنوات
persona-touchpoints = نقاط التواصل
persona-ratings = كيف يقيّمون
persona-words = كلماتهم المعتادة
persona-languages = اللغات
persona-dialects = اللهجات
