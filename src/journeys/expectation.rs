//! What a text shows of its writer's expectations: what should have happened and did not, or what is asked for.
//!
//! Phrases over folded words, for Arabic dialects, Arabizi and English. It is a reading of words, not of minds: a text
//! that hits no phrase says nothing about expectations, and pages and API then say that it is not known.

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::feedback::fold::{Word, WordKind, fold, fold_word};
use crate::feedback::{Span, names};

names! {
    /// What a text shows of its writer's expectations.
    Expectation, "expectation", {
        /// Something that should have happened did not, or not in time.
        Unmet = "unmet",
        /// Something is asked for.
        Asked = "asked",
    }
}

/// An expectation and the words that show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Which.
    pub kind: Expectation,
    /// Where it stands, in characters.
    pub span: Span,
}

/// Words that deny what follows.
const NOT: &str = "لم ما مو مش مب موب محد ماحد محدش ولا مافي مافيه مفيش ماكو ماكاينش لسه لسا للحين not never no nobody none \
    didnt doesnt dont wont havent hasnt hadnt isnt wasnt cant cannot couldnt wouldnt arent without ma mo mu \
    msh mesh mish mosh mafi ma7ad";

/// How words begin that tell of something happening.
const HAPPEN: &str = "وصل يوصل توصل تصل يصل اوصل جا جاء جات جت تجي يجي اجا اجت يجيني رجع يرجع ترجع رد يرد ترد ردو استلم تسلم \
    نزل ينزل اشتغل يشتغل تشتغل شغال يفتح تفتح يضبط تحل انحل يتحل يتم تم تفعل يتفعل ينفع يتواصل تواصل اتصل \
    حضر كمل يكمل يقبل ظهر يظهر تحدث يتحدث استفد جاوب يجاوب كيجاوب arriv came come receiv got get work \
    deliver refund show respon answer repl open load updat credit appear happen help pick return sent send \
    fix solv accept wasal wesel wisil wsl wslny radd yred yrod yrud byrod byrdo eja ejat rj3 rege3 yerga3 \
    yeshtaghel shaghal";

/// Words that say by themselves that something is late, missing or waited for.
const LATE: &str = "تاخر تاخير متاخر متاخره اتاخر يتاخر تتاخر تاخرت ناقص ناقصه نقص بانتظار منتظر انتظر استنى مستني بستنى \
    ناطر ناطره كنتسنى انتظرت استنيت وينكم late delayed delay missing waiting waited overdue met2akher \
    mota2akher met2a5er t2akhar ta2khar";

/// Words with which people ask.
const ASK: &str = "متى امتى ايمتى فوقاش وين فين هل واش ممكن ياليت ياريت ليت ريت اتمنى نتمنى تمنيت ابي ابغى ابغا نبغى عايز \
    عاوز عايزه بدي بدنا بغيت محتاج احتاج نحتاج اريد نريد يرجى ارجو نرجو لازم المفروض اقترح شلون كيف ازاي \
    please pls could when where wish should suggest hope need want how yaret yarait momken mumkin abi abgha \
    3ayez bade baddi emta wen feen kif ezay";

/// Words of the Egyptian and Maghrebi negation م…ش that are none.
const NO_NEGATION: &str = "مناقش منتعش مشوش مدهش مفتش معيش منعش مشمش مايش";

/// The lists above, folded as texts are.
struct Phrases {
    not: HashSet<String>,
    happen: Vec<String>,
    late: HashSet<String>,
    ask: HashSet<String>,
    no_negation: HashSet<String>,
}

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases {
    not: folded(NOT).collect(),
    happen: folded(HAPPEN).collect(),
    late: folded(LATE).collect(),
    ask: folded(ASK).collect(),
    no_negation: folded(NO_NEGATION).collect(),
});

fn folded(list: &str) -> impl Iterator<Item = String> {
    list.split_whitespace().map(fold_word)
}

/// How far behind a denial the happening may stand, in words.
const REACH: usize = 3;

/// What the text shows; what is missing goes before what is asked for.
#[must_use]
pub fn expectation(text: &str) -> Option<Expected> {
    let words = fold(text);
    let unmet = words.iter().enumerate().find_map(|(at, word)| unmet(&words, at, word));
    let told = |kind| move |span| Expected { kind, span };
    unmet.map(told(Expectation::Unmet)).or_else(|| asked(text, &words).map(told(Expectation::Asked)))
}

/// Where something is denied, late or missing from this word on.
fn unmet(words: &[Word], at: usize, word: &Word) -> Option<Span> {
    let form = word.form.as_str();
    if PHRASES.late.contains(form) {
        return (!denied(words, at)).then_some(word.span);
    }
    if is_circumfix(form) {
        return Some(word.span);
    }
    if !PHRASES.not.contains(form) {
        return joined_denial(form).then_some(word.span);
    }
    let clause = words.iter().skip(at + 1).take_while(|next| next.kind == WordKind::Word).take(REACH);
    let end = clause.filter(|next| happens(&next.form)).map(|next| next.span.end).next()?;
    Some(Span { start: word.span.start, end })
}

/// Whether one of the two words before this one denies it: ما تأخر, never late.
fn denied(words: &[Word], at: usize) -> bool {
    let mut before = words.iter().take(at).rev().take_while(|word| word.kind == WordKind::Word).take(2);
    before.any(|word| PHRASES.not.contains(&word.form))
}

/// Whether it denies and tells in one word, as in ماوصل.
fn joined_denial(form: &str) -> bool {
    form.strip_prefix("ما").is_some_and(|rest| rest.chars().count() >= 3 && happens(rest))
}

/// Whether it denies as Egypt and the Maghreb do, around the verb: ماوصلش, مجاش, ماكاينش.
fn is_circumfix(form: &str) -> bool {
    let inside = form.strip_prefix('م').and_then(|rest| rest.strip_suffix('ش'));
    inside.is_some_and(|inside| inside.chars().count() >= 3) && !PHRASES.no_negation.contains(form)
}

/// Where somebody asks: a question mark, or a word with which people ask.
fn asked(text: &str, words: &[Word]) -> Option<Span> {
    let word = words.iter().find(|word| PHRASES.ask.contains(&word.form)).map(|word| word.span);
    let mark = text.chars().position(|letter| matches!(letter, '?' | '؟')).map(|at| Span { start: at, end: at + 1 });
    word.or(mark)
}

/// Whether it tells of something happening: it is one of the words, or begins with one that is long enough to tell.
fn happens(form: &str) -> bool {
    // short stems would begin half the dictionary
    PHRASES.happen.iter().any(|stem| form == stem || (stem.chars().count() >= 3 && form.starts_with(stem.as_str())))
}
