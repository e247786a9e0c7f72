//! Words that only one kind of Arabic uses.
//!
//! The encoder's vectors tell meaning better than dialect; a word like «عايز» or «ديال» settles it.

use crate::feedback::Dialect;

/// What one such word adds to the score of its dialect, on the scale of log-probabilities.
const WORTH: f32 = 2.0;

/// At most so many words of a dialect count.
const ENOUGH: usize = 3;

const GULF: &[&str] = &[
    "ابي", "أبي", "ابغى", "أبغى", "ابغا", "نبي", "يبي", "تبي", "تبون", "وش", "ايش", "شلون", "شلونكم", "الحين", "للحين",
    "ذحين", "وايد", "مره", "مرة", "زين", "كذا", "عشان", "ليش", "وين", "حقي", "حقتي", "حقت", "حقكم", "تكفون", "تكفى",
    "هالحين", "جوالي", "الجوال", "مدري", "يمديني", "عيالي", "دق", "ادق", "سويت", "تسوون", "اسوي", "يسوي", "سووا",
    "خايس", "يالله", "مافي", "مافيه", "ماحد", "محد", "للأسف", "بروح", "قاعد", "قاعدين", "ترى", "توني", "اللحين", "شفيكم",
    "زي", "طيب", "عسى", "لين", "يوم", "مو", "مب", "موب", "شي", "هالتطبيق", "هالخدمة", "كلش", "اشوف", "القى", "وراكم",
];

const EGYPTIAN: &[&str] = &[
    "عايز", "عاوز", "عايزة", "عاوزة", "عايزين", "مش", "ازاي", "إزاي", "ليه", "امتى", "إمتى", "فين", "دلوقتي", "دلوقت", "كده",
    "كدا", "بتاع", "بتاعي", "بتاعتي", "بتاعكم", "بتاعة", "ده", "دي", "دول", "اللي", "النهارده", "امبارح", "إمبارح", "بكره",
    "محدش", "مفيش", "مافيش", "ماجتش", "اوي", "أوي", "قوي", "جامد", "علشان", "لسه", "خالص", "حد", "برضه", "بقى", "بقالي",
    "ايه", "إيه", "انتو", "انتوا", "احنا", "إحنا", "هو", "تاني", "كمان", "اهو", "يعني", "ياريت", "الاوردر", "الفيزا",
    "الابلكيشن", "المحفظة", "العربية", "كويس", "وحش", "هتعملوا", "هعمل", "بتقولوا", "معايا", "عليا", "ليا", "فيا", "بيا",
];

const LEVANTINE: &[&str] = &[
    "بدي", "بدنا", "بدكن", "بدكم", "شو", "هلق", "هلأ", "لهلق", "ليش", "كتير", "كتيرة", "هيك", "هاد", "هاي", "هدول", "مبارح",
    "لسا", "لساتني", "عم", "منيح", "منيحة", "مو", "مش", "وين", "ايمتى", "إيمتى", "قديش", "حدا", "مصاري", "المصاري", "تبعي",
    "تبعكن", "تبعكم", "عندكن", "معكن", "عليكن", "منكن", "الكن", "خليتوني", "فيني", "صرلي", "رح", "عنجد", "يلي", "اللي",
    "شغلة", "غراض", "الغرض", "بالمرة", "نطرت", "ناطر", "ناطرة", "إجا", "اجا", "حكيت", "بحكي", "احكي", "حكولي", "كرمال",
    "مشان", "عشان", "بس", "بعدين", "متل", "لإلي", "إلي", "عالتطبيق", "عالفرع", "هالشي", "خلص", "يسلمو", "إنو", "شب", "جمعتين",
];

const MAGHREBI: &[&str] = &[
    "بغيت", "باغي", "بغينا", "ديال", "ديالي", "ديالكم", "دياله", "ديالو", "تاع", "نتاع", "نتاعي", "متاع", "متاعي", "متاعكم",
    "واش", "علاش", "كيفاش", "فين", "وقتاش", "شحال", "بشحال", "بزاف", "برشا", "والو", "كاين", "كاينة", "ماكاين", "ماكاينش",
    "هاد", "هادي", "هادشي", "دابا", "دروك", "ضرك", "توا", "لبارح", "البارح", "غدوة", "راني", "راه", "راها", "راكم", "حنا",
    "غادي", "نجم", "نقدر", "عفاك", "عفاكم", "زوين", "زوينة", "مزيان", "مزيانة", "خايب", "خايبة", "باش", "حيت", "خاطر",
    "ليا", "عيط", "عيطت", "عيطو", "صيفطو", "كولي", "الكوليس", "الليفرور", "لاكارط", "الكونط", "جوج", "زوج", "مازال", "ماشي",
    "شنو", "شنوة", "اشنو", "نحب", "عندكمش", "ياسر", "باهي", "دراهم", "الدراهم", "دراهمي", "الفلوس", "بنين", "بنينة", "يعيشكم",
];

/// How much the words of `text` speak for each dialect, 0 and up; 0 for Modern Standard Arabic, which has none.
pub(super) fn worth(text: &str, dialect: Dialect) -> f32 {
    let markers = match dialect {
        Dialect::Gulf => GULF,
        Dialect::Egyptian => EGYPTIAN,
        Dialect::Levantine => LEVANTINE,
        Dialect::Maghrebi => MAGHREBI,
        Dialect::Msa | Dialect::Arabizi => return 0.0,
    };
    let found = words(text).filter(|word| markers.contains(word)).map(|word| 1.0 / shared(word) as f32);
    let sum: f32 = found.take(ENOUGH).sum();
    sum * WORTH
}

/// In how many of the lists a word stands, at least 1.
fn shared(word: &str) -> usize {
    [GULF, EGYPTIAN, LEVANTINE, MAGHREBI].iter().filter(|markers| markers.contains(&word)).count().max(1)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !character.is_alphabetic()).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_speak_for_their_dialect() {
        for (text, expected) in [
            ("عايز اعرف الاوردر فين دلوقتي", Dialect::Egyptian),
            ("ابي اعرف وش صار على طلبي", Dialect::Gulf),
            ("شو صار بالطلب، صرلي ساعة ناطر", Dialect::Levantine),
            ("واش كاين شي جديد على الكوموند ديالي", Dialect::Maghrebi),
        ] {
            let best = Dialect::ALL.iter().copied().max_by(|a, b| worth(text, *a).total_cmp(&worth(text, *b)));
            assert_eq!(best, Some(expected), "{text}");
        }
    }

    #[test]
    fn a_formal_text_speaks_for_none() {
        let text = "أود الاستفسار عن حالة الطلب الذي لم يصلني";
        assert!(Dialect::ALL.iter().all(|dialect| worth(text, *dialect) == 0.0));
    }
}
