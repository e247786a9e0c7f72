# ما تقوله صفحات الرحلات بالعربية.

nav-journeys = الرحلات
journeys-about = كيف ينبغي أن تكون تجربة العميل خطوة بخطوة، وكيف هي، وأين يفترق الأمران.
journeys-built-in = مرفقة مع صدى
journeys-written = كُتبت في { $it } بقلم
journeys-file = الملف
journeys-edit = تحرير
journeys-new = رحلة جديدة
journeys-id = اسمها في العناوين، بحروف لاتينية صغيرة
journeys-begin = ابدأ

journey-covered = { $n } من { $m } رسالة تقع على خطوة.
journey-of = { $n } من { $m }
journey-range = (بين { $it } و{ $other })
journey-severity = الشدة { $it }
journey-point = { $it }: { $other } سلبية
journey-line-title = الرسائل السلبية خطوة بخطوة
journey-legend-ideal = ما تحتمله الرحلة المثلى
journey-legend-actual = الواقع، مع مجال الثقة ٩٥٪
journey-legend-gap = فجوة
journey-gaps = الفجوات، الأثقل أولًا
journey-no-gaps = لا خطوة أسوأ مما تحتمله الرحلة المثلى.
journey-gaps-help = الفجوة خطوة تزيد رسائلها السلبية، بثقة ٩٥٪، على ما تحتمله الرحلة المثلى. تُرتّب الفجوات بعدد الرسائل مضروبًا في الشدة؛ والشدة هي المؤكد من الرسائل السلبية والعاجلة والتقييمات المنخفضة.
journey-unhappy = سلبية
journey-question = السؤال
journey-ideal = المثلى
journey-actual = الواقع
journey-expects = ماذا يتوقّع؟
journey-thinks = بمَ يفكّر؟
journey-feels = بمَ يشعر؟
journey-touchpoints = أين يحدث ذلك؟
journey-rated = التقييمات والجهد
journey-silent = لم نسمع منهم بعدها
journey-silent-more = أكثر من غيرها
journey-elsewhere = من العملاء؛ و{ $it } في بقية الخطوات
journey-words = كلماتهم:
journey-now = آخر أربعة أسابيع
journey-before = الأربعة التي قبلها
journey-worse = في تراجع.
journey-better = في تحسّن.
journey-same = لا تغيّر يتجاوز المصادفة.
journey-unknown = غير معروف: لم يتحدث عنه أحد.
journey-too-few = أقل من أن تُحسب منها نتيجة
journey-ratings = { $form ->
    [one] تقييم واحد
    [two] تقييمان
    [few] { $n } تقييمات
   *[other] { $n } تقييمًا
}
journey-by-meaning = { $form ->
    [one] واحدة وُضعت هنا بمعناها
    [two] اثنتان وُضعتا هنا بمعناهما
   *[other] { $n } وُضعت هنا بمعناها
}
journey-help = تقع الرسالة على الخطوة التي تسمّي نقطة تواصلها، وإلا فعلى الأقرب إليها معنى بوضوح، وإلا فعلى لا شيء. تُعرف التوقعات من كلمات العملاء، والأفكار من المواضيع، والمشاعر من نبرة النص. ومن لم نسمع منه بعدها لم يغادر بالضرورة. والمجالات بثقة ٩٥٪.
expectation-unmet = لم يحدث أو تأخّر
expectation-asked = طلبوه
filter-journey = الرحلة
filter-step = الخطوة
filter-expectation = التوقّع
filter-last-before = آخر رسالة من عميلها، قبل

journey-edit-title = تحرير الرحلة { $it }
journey-edit-help = الخطوات بالترتيب. نقاط التواصل والوصف والأمثلة تحدّد أي الرسائل تقع على الخطوة، وexpects وthinks وfeels تصف كيف ينبغي أن تكون.
journey-edit-file = الملف (TOML)؛ ألصق ملفًا آخر لاستيراده
journey-restore = العودة إلى الرحلة المرفقة
journey-remove = حذف هذه الرحلة
journey-faults = { $form ->
    [one] لم تُحفظ: فيها خطأ
    [two] لم تُحفظ: فيها خطآن
    [few] لم تُحفظ: فيها { $n } أخطاء
   *[other] لم تُحفظ: فيها { $n } خطأ
}
journey-line = السطر { $n }:
journey-fault-toml = { $it }
journey-fault-file-too-long = الملف أطول مما ينبغي{ $it }؛ اختصر الأمثلة.
journey-fault-no-steps = لا خطوة فيه{ $it }. أضف جدولًا [[step]] فيه id وtitle وtouchpoints أو examples.
journey-fault-too-many = أكثر مما ينبغي من { $it }: للرحلة ٢٠ خطوة على الأكثر، وللخطوة ٤٠ نقطة تواصل و٦٠ مثالًا.
journey-fault-bad-id = «{ $it }» لا يصلح معرّفًا. استعمل حروفًا لاتينية صغيرة وأرقامًا و- و_، وابدأ بحرف.
journey-fault-id-twice = لخطوة أخرى المعرّف «{ $it }». اختر لهذه معرّفًا خاصًا بها.
journey-fault-no-words = لا كلمات في «{ $it }». اكتبها بلغة واحدة على الأقل.
journey-fault-bad-words = كلمات «{ $it }» فارغة أو أطول من ٦٠٠ حرف.
journey-fault-personal = في كلمات «{ $it }» بيانات شخصية. اكتبها من دونها.
journey-fault-bad-language = «{ $it }» ليست لغة. استعمل رمزها، مثل ar أو en.
journey-fault-bad-touchpoint = «{ $it }» لا تصلح نقطة تواصل: لها من حرف إلى ٢٠٠ حرف.
journey-fault-touchpoint-twice = نقطة التواصل «{ $it }» مذكورة مرتين، والرسالة تقع على خطوة واحدة فقط.
journey-fault-nothing-falls = لا شيء يقع على الخطوة «{ $it }». سمِّ نقاط تواصل، أو اكتب وصفًا أو أمثلة.
journey-fault-bad-share = «{ $it }» ليست نسبة. استعمل عددًا من 0 إلى 1 مثل 0.1.

overview-gaps = أكبر فجوات الرحلة
overview-gap = { $it } سلبية
overview-no-gaps = لا خطوة أسوأ مما تحتمله الرحلة المثلى.
