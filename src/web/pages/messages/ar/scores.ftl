# مؤشرات الرضا.

nav-scores = المؤشرات
rating-stars = النجوم
rating-long-nps = هل يوصون بنا؟ (NPS)
rating-long-csat = هل هم راضون؟ (CSAT)
rating-long-ces = هل كان الأمر سهلًا؟ (CES)
rating-long-stars = نجوم التقييمات
measure-ces-mean = المتوسط
measure-ces-share = وجدوه سهلًا
measure-net-easy = صافي السهولة
measure-stars-mean = المتوسط
measure-stars-share = أربع نجوم أو خمس
class-promoters = المروّجون
class-passives = المحايدون
class-detractors = المنتقدون
class-satisfied = راضون
class-neutral = محايدون
class-dissatisfied = غير راضين
class-easy = سهل
class-difficult = صعب

ratings-count = { $form ->
    [zero] لا تقييمات
    [one] تقييم واحد
    [two] تقييمان
    [few] { $n } تقييمات
    [many] { $n } تقييمًا
   *[other] { $n } تقييم
}
score-interval = من { $it } إلى { $other }
score-change = { $it } ({ $other })
score-change-points = { $it } نقطة ({ $other })
score-too-few = أقل من أن يُحسب
score-significant = ليس مصادفة
score-chance = قد يكون مصادفة
score-none-before = لا تقييمات في الفترة السابقة
score-few-before = تقييمات الفترة السابقة لا تكفي للمقارنة
score-few-now = لا تكفي للمقارنة

scores-none = لم تصل تقييمات في هذه الفترة.
scores-month = أربعة أسابيع
scores-quarter = اثنا عشر أسبوعًا
scores-year = سنة
scores-trend = المؤشر مع الزمن
scores-by-week = حسب الأسبوع
scores-by-month = حسب الشهر
scores-by-quarter = حسب ربع السنة
scores-band = يقع المؤشر داخل الشريط بثقة ٩٥٪. النقاط المفرغة لا تكفي تقييماتها لحساب المؤشر.
scores-no-trend = لا يكفي عدد التقييمات في أي أسبوع أو شهر أو ربع سنة لحساب المؤشر.
scores-answers = بماذا أجابوا
scores-texts = ماذا كتبوا معها
scores-contradicted = النص يقول غير ذلك
scores-groups = حسب المجموعة
scores-score = المؤشر
scores-ratings = التقييمات
scores-change = منذ الفترة السابقة
scores-without = غير مذكور
scores-no-groups = لا تقييمات.
scores-left-out = لم تُعرض أصغر المجموعات.
scores-drivers = ما الذي يحرّكه
scores-with = من يتحدث عنه
scores-others = الباقون
scores-difference = الفرق
scores-no-drivers = لا موضوع تكفي تقييماته للمقارنة.
scores-driver-help = هذا فرق بين العملاء، وليس ما سيتغيّر لو زال الموضوع.
scores-method = المجالات بثقة ٩٥٪، ولا يُحسب مؤشر لأقل من ٣٠ تقييمًا. لا يُعدّ التغيّر تغيّرًا إلا إذا تجاوز المصادفة، مع مراعاة عدد المقارنات المعروضة. تُحسب التقييمات التي جاءت مع نص فقط.
overview-scores = المؤشرات في أربعة أسابيع
filter-segment = الشريحة
filter-not-theme = خارج الموضوع
filter-without = بلا
filter-rating-method = التقييم
filter-rating-min = على الأقل
filter-rating-max = على الأكثر
disagreement-high-rating-negative-text = تقييم مرتفع ونص سلبي
disagreement-low-rating-positive-text = تقييم منخفض ونص إيجابي
