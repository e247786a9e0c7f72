//! Persons' names in a sentence that its evidence does not hold.
//!
//! Three nets: what masking sees (numbers, addresses); given names that are common among Arabic and English speakers, and
//! any word behind a title (السيد، الأستاذة، Mr), in either script; and in English any capitalised word inside a sentence.
//! A word that the sheet has is none of them. Names that are ordinary words (علي، كريم، أمل) are only seen behind a title.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::feedback::fold::{WordKind, fold};
use crate::privacy::{RawText, mask};

use super::lexicon::{Lexicon, bare_forms};

static GIVEN: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::new(
        "محمد أحمد محمود مصطفى عبدالله عبدالرحمن عبدالعزيز عبدالرحيم خالد فهد فيصل سلطان تركي ناصر بندر \
         مشعل ماجد سلمان سعود عمر عثمان حسين إبراهيم إسماعيل يوسف ياسر طارق وليد هشام حمزة زياد رامي \
         سامي شريف عمرو فاطمة عائشة خديجة مريم زينب سارة نورة ريم هند منى لينا دينا رنا سلمى \
         ليلى ياسمين شيماء العنود الجوهرة لطيفة موضي mohammed mohamed muhammad mohammad \
         ahmed ahmad mahmoud mustafa abdullah abdulrahman abdulaziz khalid khaled fahad fahd faisal \
         sultan turki nasser bandar majed salman saud omar umar othman ali hussein hassan ibrahim ismail \
         youssef yousef yasser tariq tarek waleed walid hisham hamza ziad rami sami sherif amr kamal \
         jamal fatima fatimah aisha khadija mariam maryam zainab sara sarah noura nora reem hind mona \
         lina dina rana salma layla leila yasmin heba duaa eman john david michael james robert william \
         daniel thomas peter paul george kevin brian steven mary jennifer linda susan jessica emily anna \
         maria laura julia priya rahul raj amit deepak jose juan carlos wei chen",
    )
});

static TITLES: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::new(
        "السيد السيدة الأستاذ الأستاذة أستاذ أستاذة المهندس المهندسة الدكتور الدكتورة الشيخ الأخ الأخت \
         أبو اسمه اسمها يدعى تدعى المدعو mr mrs ms dr named sir madam abu umm",
    )
});

/// Capitalised words of English that are no names.
const CAPITALS: &[&str] = &[
    "I",
    "Arabic",
    "English",
    "NPS",
    "CSAT",
    "CES",
    "AI",
    "SMS",
    "OTP",
    "ID",
    "OK",
    "CX",
    "PIN",
    "VAT",
    "SAR",
    "USD",
    "GPS",
    "Egyptian",
    "Gulf",
    "Levantine",
    "Maghrebi",
    "Arabizi",
    "Standard",
    "Modern",
];

/// What is behind a sentence: the folded words of all that it may repeat.
pub(super) struct Known(HashSet<String>);

impl Known {
    pub(super) fn of<'text>(texts: impl Iterator<Item = &'text str>) -> Self {
        let words = texts.flat_map(|text| fold(text).into_iter().map(|word| word.form));
        Self(words.flat_map(|form| bare_forms(&form).map(str::to_owned).collect::<Vec<_>>()).collect())
    }

    pub(super) fn has(&self, form: &str) -> bool {
        bare_forms(form).any(|form| self.0.contains(form))
    }
}

/// A word of the sentence that may be a person's name and that is not known.
pub(super) fn stranger(sentence: &str, known: &Known) -> Option<String> {
    let words: Vec<_> = fold(sentence).into_iter().filter(|word| word.kind == WordKind::Word).collect();
    let mut titled = false;
    for (place, word) in words.iter().enumerate() {
        let written = word.span.slice(sentence);
        let given = GIVEN.has(&word.form);
        let capital = place > 0 && is_capitalised(written) && !CAPITALS.contains(&written);
        if (given || titled || capital) && !known.has(&word.form) {
            return Some(written.to_owned());
        }
        titled = TITLES.has(&word.form);
    }
    None
}

fn is_capitalised(word: &str) -> bool {
    word.chars().next().is_some_and(|first| first.is_uppercase() && first.is_ascii())
}

/// Whether masking finds personal data in the sentence.
pub(super) fn has_personal_data(sentence: &str) -> bool {
    !mask(&RawText::new(sentence)).spans.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_seen_unless_the_evidence_has_them() {
        let known =
            Known::of(["The courier Khalid was rude in Riyadh", "المندوب سعد ما رد", "delivery is late"].into_iter());
        for (sentence, expected) in [
            ("Customers complain that delivery is late.", None),
            ("Customers praise Khalid the courier.", None),
            ("Customers praise Ahmed for it.", Some("Ahmed")),
            ("Sarah says delivery is late.", Some("Sarah")),
            ("They wait in Jeddah for it.", Some("Jeddah")),
            ("They wait in Riyadh for it.", None),
            ("They rate it by NPS in Arabic.", None),
            ("يشكو العملاء من المندوب سعد.", None),
            ("يشكو العملاء من محمد.", Some("محمد")),
            ("تحدثوا مع مُحمّد وأحمد.", Some("مُحمّد")),
            ("شكرا لأحمد.", Some("لأحمد")),
            ("السيد كريم تأخر.", Some("كريم")),
            ("العملاء كرماء.", None),
        ] {
            assert_eq!(stranger(sentence, &known).as_deref(), expected, "{sentence}");
        }
    }

    #[test]
    fn masking_is_asked_too() {
        assert!(has_personal_data("Call 0501234567 about it."));
        assert!(has_personal_data("راسلوا a.b@example.com"));
        assert!(!has_personal_data("12 of 80 messages complain of late delivery."));
        assert!(!has_personal_data("They left [phone] and wait."));
    }
}
