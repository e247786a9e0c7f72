//! Whether a text asks for something or says what was expected, told by its words.
//!
//! A list of words is no understanding: it is used to count over many texts, never to decide about one.

use std::sync::LazyLock;

use crate::feedback::fold::{WordKind, fold};

/// What a text does beside telling.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Voice {
    /// It asks a question or for something.
    pub asks: bool,
    /// It says how things should have been, or were promised to be.
    pub expects: bool,
}

/// What requests and questions are made with: Gulf, Egyptian, Levantine, Maghrebi, MSA; Arabizi; English.
const ASKING: &[&str] = &[
    "ابغى، ابغا، ابي، نبغى، نبي، ودي، حاب، حابه، ياليت، يا ليت، ليتكم، وش الحل، شلون، متى",
    "عايز، عاوز، عايزه، عاوزه، عايزين، عاوزين، محتاج، محتاجه، محتاجين، ياريت، يا ريت، ازاي، امتى، فين",
    "بدي، بدنا، ايمتى، وين، كيف، بقدر، فيني",
    "بغيت، بغينا، كيفاش، فوقاش، علاش، واش ممكن، نحب",
    "اريد، نريد، اود، نود، ارجو، نرجو، الرجاء، رجاء، احتاج، نحتاج، اقترح، نقترح، هل، ممكن، لو سمحت، لو سمحتم، من فضلك، من فضلكم، نتمنى، اتمنى",
    "3ayez, 3ayz, 3ayza, 3awez, aayez, m7tag, me7tag, bdi, biddi, baddi, bedi, abgha, abi, bghit, yaret, ya ret, momken, mumkin, feen, wen, wain, emta, imta, ezay, izay, kifash, law sama7t, lw sm7t",
    "please, pls, plz, kindly, could you, can you, would you, will you, can i, could i, may i, how do, how can, how to, i need, we need, i want, we want, i would like, id like, we would like, i wish, wish you, would be nice, would be great, would love, when will, when can, when do, where is, where can, is there, is it possible, do you",
];

/// What expectations and promises are told with, in the same order.
const EXPECTING: &[&str] = &[
    "المفروض، مفروض، كان لازم، توقعت، توقعنا، متوقع، متوقعه، متوقعين، قلتوا لي، قلتولي، قالوا لي، قالولي، وعدتوني، وعدتونا، وعدوني",
    "كنت فاكر، كنت فاكره، قولتوا، قولتولي",
    "كان لازم، وعدتونا، قلتولنا",
    "خاصو يكون، كان خاص، قلتو ليا، واعدتوني",
    "يفترض، المفترض، ينبغي، يجب ان، كان يجب، اتوقع، نتوقع، يتوقع، كنا نتوقع، وعدتم، وعدتمونا، كما وعدتم",
    "mafrood, mafrod, el mafrood, kan lazem, kan lazim, twa23t, tawa2a3t, wa3adtoni, 2oltoli, oltoli",
    "should have, should be, should not, shouldnt, supposed to, expected, i expect, we expect, expecting, promised, you promised, you said, you told, was told, were told, i thought, it was meant to",
];

static ASKS: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(ASKING));
static EXPECTS: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(EXPECTING));

/// Phrases as folded words.
struct Phrases(Vec<Folded>);

impl Phrases {
    fn of(lists: &[&str]) -> Self {
        let phrases = lists.iter().flat_map(|list| list.split(['،', ',']));
        Self(phrases.map(Folded::of).filter(|phrase| !phrase.0.is_empty()).collect())
    }

    fn any_in(&self, text: &Folded) -> bool {
        self.0.iter().any(|phrase| text.says(phrase))
    }
}

/// The words of a text without what their spellings differ in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Folded(Vec<String>);

impl Folded {
    /// The words of `text`.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(fold(text).into_iter().filter(|word| word.kind == WordKind::Word).map(|word| word.form).collect())
    }

    /// Whether these words stand in it, whole and in this order; no words stand nowhere.
    #[must_use]
    pub fn says(&self, phrase: &Self) -> bool {
        !phrase.0.is_empty() && self.0.windows(phrase.0.len()).any(|window| window == phrase.0.as_slice())
    }
}

/// Reads a text's voice.
#[must_use]
pub fn voice(text: &str) -> Voice {
    let words = Folded::of(text);
    Voice { asks: text.contains(['?', '؟']) || ASKS.any_in(&words), expects: EXPECTS.any_in(&words) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_any_spelling() {
        for (text, phrase, found) in [
            ("الـــطلب وصل متأخر", "الطلب", true),
            ("تَأَخَّر المندوبُ", "تأخر المندوب", true),
            ("المندوب تأخر", "تأخر المندوب", false),
            ("Refunds?", "refunds", true),
            ("refunded", "refund", false),
            ("", "", false),
        ] {
            assert_eq!(Folded::of(text).says(&Folded::of(phrase)), found, "{text}: {phrase}");
        }
    }

    #[test]
    fn asking_and_expecting_are_told_in_each_dialect() {
        for (text, asks, expects) in [
            ("أبغى أعرف وين طلبي", true, false),
            ("ابغــــى فاتورة ضريبية", true, false),
            ("ياريت تضيفوا الدفع بفوري", true, false),
            ("بدي استرجع المبلغ", true, false),
            ("بغيت نعرف علاش ما وصلش", true, false),
            ("نأمل الرد، هل يوجد فرع في جدة", true, false),
            ("3ayez a3raf el order feen", true, false),
            ("Could you add Apple Pay", true, false),
            ("الطلب وصل؟", true, false),
            ("المفروض يوصل أمس", false, true),
            ("المَفرُوض يوصل خلال ٣٠ دقيقة", false, true),
            ("وعدتوني بالاسترجاع خلال يومين", false, true),
            ("كنت متوقع خدمة أحسن", false, true),
            ("el mafrood yewsal embare7", false, true),
            ("It was supposed to arrive on Monday", false, true),
            ("وصل الطلب بارد 😡", false, false),
            ("great app <b>thanks</b>", false, false),
            ("تطبيق ممتاز", false, false),
            ("", false, false),
        ] {
            assert_eq!(voice(text), Voice { asks, expects }, "{text}");
        }
    }
}
