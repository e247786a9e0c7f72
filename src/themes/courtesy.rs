//! Greetings, thanks and requests to answer soon: pieces of a text that are about nothing.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::stop::is_stop;
use super::words::runs;

/// Words that are about nothing where they stand among courtesies alone, beside those that never say anything.
const WORDS: &str = "\
    جزيلا جميعا جماعة جماعه تعاونكم تعاونك الفل النور الورد الياسمين شباب اخوان اخواني تحياتي تحية طيبة طيبه وبعد عزيزي فريق خدمة خدمه عملاء الرد ردكم اسرع باسرع انتظار اتمنى نتمنى حالكم حالك اخباركم اخبارك الف تقبلوا احترامي مقدما سعيد نهاركم يومكم \
    sabah masa2 el5eir elkheir 5er kheir geman jazilan ta7iyati \
    everybody good morning evening afternoon night greetings best kind wishes appreciate appreciated help advance forward looking hearing hear reply response answer soon possible customer service support care hope well wish nice";

static KEYS: LazyLock<HashSet<String>> =
    LazyLock::new(|| runs(WORDS).concat().into_iter().map(|word| word.key).collect());

/// Whether a text is about nothing: all its words, if it has any, are those of courtesy.
#[must_use]
pub fn is_courtesy(text: &str) -> bool {
    let says = |key: &str| !is_stop(key, key) && !KEYS.contains(key);
    !runs(text).concat().iter().any(|word| says(&word.key) && says(without_article(&word.key)))
}

/// A word without its article.
fn without_article(key: &str) -> &str {
    key.strip_prefix("ال").unwrap_or(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greetings_and_thanks_are_about_nothing_and_complaints_are_not() {
        for text in [
            "",
            "👍🏽",
            "السلام عليكم ورحمة الله وبركاته،",
            "صباح الخير جميعا",
            "مساء النور يا جماعة.",
            "شكرًا جزيلًا لكم على تعاونكم",
            "الله يعطيكم العافية",
            "أتمنى الرد بأسرع وقت ممكن",
            "Hello everybody,",
            "good morning dear customer service team.",
            "Thank you very much for your help!",
            "looking forward to hearing from you soon",
            "salam",
        ] {
            assert!(is_courtesy(text), "{text}");
        }
        for text in [
            "my refund never came",
            "المندوب تأخر كثير.",
            "وين فلوسي المسترجعة",
            "the app is slow",
            "شكرا للمندوب",
            "thanks to the courier",
            "خدمة سيئة",
        ] {
            assert!(!is_courtesy(text), "{text}");
        }
    }
}
