//! What a sentence claims beyond its topic: shares of everybody, denials, praise and blame, and words that weigh so much
//! that the evidence must have one of their kind too.

use std::sync::LazyLock;

use super::lexicon::Lexicon;
use super::numbers::is_people;

/// Claims that nobody may make unless the cited words do: each kind with its words, dialects and Arabizi among them.
static LOADED: LazyLock<Vec<(&str, Lexicon)>> = LazyLock::new(|| {
    let kinds: &[(&str, &str)] = &[
        (
            "change",
            "increas* decreas* rise rises rising rose fell fallen declin* improv* worsen* worse doubl* \
             trend* grow* ازداد* زاد زادت يزداد تزداد تزايد* متزايد* ارتفع* ارتفاع* يرتفع انخفض* انخفاض* \
             تراجع* تحسن* تضاعف* تدهور* اسوأ",
        ),
        (
            "leaving",
            "leave leaves leaving cancel* switch* churn* unsubscrib* quit* delete* إلغاء ألغ* يلغ* ملغ* \
             يغادر* مغادر* ينتقل* يترك* حذف* يحذف* احذف بحذف بمسح امسح بلغي",
        ),
        (
            "fraud",
            "fraud* scam* stole* steal* theft thief hack* احتيال* محتال* نصب نصاب* سرق* مسروق* حرامي* \
             اختراق مخترق* تهكر* sar2* nasb",
        ),
        (
            "court",
            "court* lawsuit* sue suing legal* lawyer* regulator* محكمة قضائي* قضية محامي* قانون* يقاضي* \
             مقاضا*",
        ),
        ("police", "police شرطة بلاغ* مخفر"),
        (
            "person",
            "women woman men man male* female* girl* boy* young youth elderly retired student* mother* father* \
             married aged age ages nationalit* نساء رجال رجل امرأة شباب شابات فتيات كبار متقاعد* طلاب طالبات \
             متزوج* عزاب أعمار* أمهات آباء مسن* جنسي*",
        ),
        (
            "harm",
            "injur* hospital* death died dead dies poison* dangerous* danger إصاب* مصاب* مستشفى وفاة \
             توفي* تسمم* خطير* خطر",
        ),
        ("rivals", "competitor* rival* منافس*"),
        (
            "cause",
            "because due caus* reason* owing therefore since بسبب لأن* نتيجة سبب* عشان علشان لانه عشانه \
             3ashan",
        ),
        ("future", "will predict* forecast* soon سوف قريبا مستقبل*"),
        ("advice", "should must recommend* advis* suggest* ought يجب ينبغي نوصي يوصى ننصح نقترح لازم يلزم"),
        (
            "praise",
            "perfect* excellen* best amazing* flawless* outstanding* wonderful* ممتاز* رائع* أفضل مثالي* \
             مذهل* احسن",
        ),
        ("money back", "refund* compensat* reimburs* استرداد* استرجاع* تعويض* يسترد* يسترجع* ارجاع* رجع* يرجع* ترجع*"),
        (
            "abuse",
            "rude* insult* racis* discriminat* harass* threat* وقح* إهان* أهان* عنصري* تمييز تحرش* هدد* \
             قليل",
        ),
    ];
    kinds.iter().map(|(kind, words)| (*kind, Lexicon::new(words))).collect()
});

/// A kind of claim that the sentence makes and the evidence does not; `proves` tells whether the evidence says what a test asks.
pub(super) fn unproved_claim(
    sentence: &[String],
    proves: impl Fn(&dyn Fn(&[String]) -> bool) -> bool,
) -> Option<&'static str> {
    let unproved = |(_, words): &&(&str, Lexicon)| words.has_any(sentence) && !proves(&|theirs| words.has_any(theirs));
    LOADED.iter().find(unproved).map(|(name, _)| *name)
}

/// How much of everybody a sentence speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantity {
    /// All of them.
    All,
    /// More than half.
    Most,
    /// None of them.
    None,
    /// Less than a quarter.
    Few,
    /// More than one.
    Several,
}

static ALL: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new("all every entire each كل جميع كافة كامل"));
static EVERYBODY: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::new("everyone everybody everything unanimous* الجميع كلهم جميعهم جميعا الكل universal*"));
static MOST: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::new("most majority mostly معظم أغلب غالبية أغلبية أكثرهم معظمهم أغلبهم mainly أكثرية"));
static SEVERAL: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::new("several multiple numerous many various dozens عدة عديد* كثير* عشرات مجموعة"));
static NOBODY: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new("no none لا"));
static FEW: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new("few rarely hardly seldom قلة قليل نادرا نادر"));

/// Shares of everybody that a sentence claims.
pub(super) fn quantities(sentence: &[String]) -> Vec<Quantity> {
    let people_near = |at: usize| sentence.iter().skip(at + 1).take(3).any(|word| is_people(word));
    let of = |(at, word): (usize, &String)| {
        let thing = sentence.get(at + 1).is_some_and(|next| next == "شي");
        if EVERYBODY.has(word) || (ALL.has(word) && (thing || people_near(at))) {
            Some(Quantity::All)
        } else if MOST.has(word) {
            Some(Quantity::Most)
        } else if NOBODY.has(word) && sentence.get(at + 1).is_some_and(|next| is_people(next)) {
            Some(Quantity::None)
        } else if SEVERAL.has(word) && people_near(at) {
            Some(Quantity::Several)
        } else if FEW.has(word) && people_near(at) {
            Some(Quantity::Few)
        } else {
            None
        }
    };
    sentence.iter().enumerate().filter_map(of).collect()
}

/// Words that deny, as answers write them.
static DENIALS: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::new(
        "not no never none nobody nothing without cannot cant dont doesnt didnt isnt arent wasnt werent \
         wont couldnt wouldnt havent hasnt neither nor hardly rarely lack* unable لا لم لن ليس* غير بدون \
         دون عدم انعدام يفتقر* تعذر* لايوجد",
    )
});

/// Words that deny in dialects besides.
static DIALECT_DENIALS: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::new(
        "ما مو مش مب موب مهو ولا محد ماحد مافي مافيه مفيش مكاين مكانش ماكو ماعاد معد منيش بلا ma msh mesh \
         mish mo mafi mafish mafeesh la mab walla nop non pas",
    )
});

/// Whether a sentence of an answer denies something.
pub(super) fn denies(sentence: &[String]) -> bool {
    sentence.iter().any(|word| DENIALS.has(word))
}

/// Whether a customer's words deny something, in whatever dialect.
pub(super) fn has_denial(words: &[String]) -> bool {
    // ما…ش, as in Egypt and the Maghreb
    let circumfix = |word: &str| word.starts_with('م') && word.ends_with('ش') && word.chars().count() > 4;
    words.iter().any(|word| DENIALS.has(word) || DIALECT_DENIALS.has(word) || circumfix(word))
}

/// What a sentence says of how customers feel, as far as its words alone tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pole {
    /// They like it.
    Good,
    /// They don't.
    Bad,
}

static CONTENT: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::new(
        "happy satisf* pleased content delight* enjoy* love* like likes prais* appreciat* thank* good \
         great excellent* perfect* fast quick* smooth* easy easily helpful reliable punctual trust* راض* \
         رضا سعيد* سعداء مسرور* يمدح* يثني* يثنون إشادة يشيد* يشكر* ممتن* يحب* يعجب* معجب* جيد* ممتاز* \
         رائع* سريع* سهل* سلس* موثوق* يثق* مرتاح* تعجبهم أعجب*",
    )
});
static DISCONTENT: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::new(
        "complain* complaint* unhappy angry anger dissatisf* frustrat* annoy* upset disappoint* bad \
         terribl* poor* awful* hate* problem* issue* trouble* slow* late delay* difficult* struggl* \
         unreliable rude* يشتك* اشتك* شكوى شكاوى يشكو* تشكو* غاضب* غضب* مستاء* استياء* منزعج* انزعاج* \
         محبط* إحباط* سيئ* سيء* مشكل* مشاكل بطيء* بطء تأخ* متأخ* يتأخ* صعوب* صعب* يعان* تعان* معاناة خيب*",
    )
});

/// What the words of a sentence say of how customers feel; a denial within three words before turns it.
pub(super) fn pole(sentence: &[String]) -> Option<Pole> {
    let denied = |at: usize| sentence[at.saturating_sub(3)..at].iter().any(|word| DENIALS.has(word));
    let (mut good, mut bad) = (false, false);
    for (at, word) in sentence.iter().enumerate() {
        let (content, discontent) = (CONTENT.has(word), DISCONTENT.has(word));
        if (content && !denied(at)) || (discontent && denied(at)) {
            good = true;
        } else if content || discontent {
            bad = true;
        }
    }
    match (good, bad) {
        (true, false) => Some(Pole::Good),
        (false, true) => Some(Pole::Bad),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::lexicon::words;
    use super::*;

    #[test]
    fn shares_of_everybody_are_seen() {
        use Quantity::{All, Few, Most};
        for (text, expected) in [
            ("All customers are angry", vec![All]),
            ("Everyone waits", vec![All]),
            ("They wait all day", vec![]),
            ("Most of them wait", vec![Most]),
            ("No customers complain", vec![Quantity::None]),
            ("Few customers complain", vec![Few]),
            ("جميع العملاء غاضبون", vec![All]),
            ("الجميع ينتظر", vec![All]),
            ("ينتظرون كل يوم", vec![]),
            ("معظم العملاء ينتظرون", vec![Most]),
        ] {
            assert_eq!(quantities(&words(text)), expected, "{text}");
        }
    }

    #[test]
    fn praise_and_blame_are_told_apart_and_turned_by_denials() {
        use Pole::{Bad, Good};
        for (text, expected) in [
            ("Customers are happy with delivery", Some(Good)),
            ("Customers complain of late delivery", Some(Bad)),
            ("Customers never complain of delivery", Some(Good)),
            ("Customers are not happy", Some(Bad)),
            ("They write about delivery", None),
            ("العملاء راضون عن التوصيل", Some(Good)),
            ("يشتكي العملاء من التأخير", Some(Bad)),
            ("لا يشتكي العملاء من شيء", Some(Good)),
            ("العملاء ليسوا راضين", Some(Bad)),
            ("يكتبون عن التوصيل", None),
        ] {
            assert_eq!(pole(&words(text)), expected, "{text}");
        }
    }

    #[test]
    fn denials_are_heard_in_dialects() {
        for text in [
            "ما أحد يرد",
            "مفيش حد بيرد",
            "مو شغال",
            "ماوصلنيش الطلب",
            "mafish 7ad byrod",
            "nobody answers",
            "لا يرد أحد",
        ] {
            assert!(has_denial(&words(text)), "{text}");
        }
        assert!(!has_denial(&words("الطلب وصل بسرعة")));
        assert!(!denies(&words("Customers wait for the courier")));
    }

    #[test]
    fn weighty_claims_need_evidence_of_their_kind() {
        for (sentence, cited, expected) in [
            ("Complaints have doubled", "delivery is late", Some("change")),
            ("Customers plan to cancel", "delivery is late", Some("leaving")),
            ("Customers plan to cancel", "I will delete the app", None),
            ("يفكرون في إلغاء الاشتراك", "بلغي اشتراكي", None),
            ("يتأخر التوصيل بسبب المطر", "الطلب متأخر", Some("cause")),
            ("يجب تحسين التوصيل", "الطلب متأخر", Some("advice")),
            ("Delivery is late", "الطلب متأخر", None),
        ] {
            let proves = |says: &dyn Fn(&[String]) -> bool| says(&words(cited));
            assert_eq!(unproved_claim(&words(sentence), proves), expected, "{sentence}");
        }
    }
}
