//! The rules as a whole: they can be read, each family is heard in each dialect, and guards take it back.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

static PHRASES: LazyLock<Phrases> = LazyLock::new(Phrases::built_in);

fn kinds(text: &str) -> Vec<TriggerKind> {
    let mut kinds: Vec<TriggerKind> = PHRASES.read(text).hits.into_iter().map(|hit| hit.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

#[test]
fn the_built_in_rules_can_be_read() {
    assert!(Book::read(FILES).is_ok_and(|book| book.groups.len() > TriggerKind::ALL.len()));
}

#[test]
fn each_family_is_heard_in_each_dialect() {
    use TriggerKind::{Churn, Fraud, Legal, Privacy, RepeatContact, Safety, SelfHarm, Vulnerable};
    for (kind, text) in [
        (Fraud, "تم سحب مبلغ من حسابي لم أقم به"),
        (Fraud, "فيه أحد يستخدم حسابي"),
        (Fraud, "في واحد دخل على حسابي وغير الباسورد"),
        (Fraud, "حدا بستعمل بطاقتي وأنا مو عارف"),
        (Fraud, "تسرقات ليا الكارطة فالطوبيس"),
        (Fraud, "fi 7ad bysta5dem 7esabi"),
        (Fraud, "there are two payments here that I did not make"),
        (Fraud, "شخص ما سرق هاتفي"),
        (Safety, "انفجر شاحن الجوال ليلاً"),
        (Safety, "فيه ريحة غاز بالمطبخ من امس"),
        (Safety, "ابني اتكهرب من الغسالة"),
        (Safety, "المندوب هددني وأنا لحالي بالبيت"),
        (Safety, "كلينا من عندكم وولادي مرضو وتقياو"),
        (Safety, "the kettle melted and burned my hand"),
        (SelfHarm, "أفكر في إنهاء حياتي"),
        (SelfHarm, "والله ابي انتحر وارتاح"),
        (SelfHarm, "مش عايز اعيش تاني"),
        (SelfHarm, "بدي اقتل حالي"),
        (SelfHarm, "I want to kill myself"),
        (Privacy, "ظهرت لي بيانات عميل آخر"),
        (Privacy, "المندوب اخذ رقمي وصار يراسلني واتساب"),
        (Privacy, "نشرتوا صورة هويتي بدون اذني"),
        (Privacy, "I can see another customer's address in my account"),
        (Legal, "سأرفع دعوى أمام المحكمة"),
        (Legal, "بشتكي عليكم في وزارة التجارة"),
        (Legal, "هعمل محضر في القسم"),
        (Legal, "المحامي ديالي غادي يتواصل معاكم"),
        (Legal, "my solicitor will write to you"),
        (Vulnerable, "أنا كفيف ولا أستطيع استعمال التطبيق"),
        (Vulnerable, "امي عندها سرطان"),
        (Vulnerable, "مراتي حامل في السابع"),
        (Vulnerable, "my father uses a wheelchair"),
        (Churn, "أرغب في إلغاء اشتراكي"),
        (Churn, "بحول لشركة ثانية"),
        (Churn, "انا هقفل الحساب"),
        (Churn, "بغيت نحبس لابونمون"),
        (Churn, "please cancel my subscription"),
        (RepeatContact, "هذه المرة الثالثة التي أتصل فيها"),
        (RepeatContact, "كلمتكم خمس مرات"),
        (RepeatContact, "talet marra akallemko"),
        (RepeatContact, "this is my fourth email"),
    ] {
        assert!(kinds(text).contains(&kind), "{kind}: {text} {:?}", kinds(text));
    }
}

#[test]
fn what_is_denied_imagined_over_or_an_idiom_is_not_heard() {
    for text in [
        "ما أحد سرق بطاقتي",
        "لم تُسرق بطاقتي",
        "محدش دخل على حسابي",
        "my card was never stolen",
        "nobody has stolen my phone",
        "لو انسرق جوالي وش اسوي؟",
        "what happens if someone steals my card?",
        "in case my phone is stolen, whom do I call?",
        "انحلت المشكلة، العملية طلعت زوجتي شارية، شكراً",
        "please ignore my message, the unknown payment was my own",
        "حريق أسعار عندكم 🔥",
        "قتلني الجوع وين الطلب",
        "I was dying to try the new burger",
        "متى السحب على السيارة؟",
        "كود الخصم ما يشتغل",
        "وصلني بلاغ صيانة رقم 55",
        "ما الحد اليومي للسحب من الصراف لحامل البطاقة الذهبية؟",
        "السلام عليكم ورحمة الله وبركاته",
        "الله يرحم والديك على الخدمة",
        "الخدمة زفت والموظف قليل أدب",
        "Is the branch next to the police station open?",
        "the app takes a long time to load the page",
    ] {
        assert_eq!(kinds(text), [], "{text}");
    }
}

#[test]
fn a_doubt_is_no_condition_and_courtesy_no_if() {
    for text in [
        "لو سمحت فيه دفعة ما سويتها",
        "I don't know if someone is using my account",
        "what should I do if I think my card was stolen?",
        "the login problem is fixed, but now someone is using my account",
    ] {
        assert_eq!(kinds(text), [TriggerKind::Fraud], "{text}");
    }
}

#[test]
fn a_guard_speaks_against_what_it_took_back() {
    let findings = PHRASES.read("لو انسرق جوالي وش اسوي؟");
    assert_eq!(findings.vetoed, [TriggerKind::Fraud]);
    assert_eq!(PHRASES.read("انسرق جوالي").vetoed, []);
}

#[test]
fn hits_stand_on_whole_words_of_the_original() {
    for (text, expected) in [
        ("قالوا لي: فَقَدْتُ بِطاقـــتي!", "فَقَدْتُ بِطاقـــتي"),
        ("😀 my card was stolen.", "card was stolen"),
        ("Hi لقيت عملية ما سويتها، thanks", "عملية ما سويتها"),
    ] {
        let findings = PHRASES.read(text);
        let spans: Vec<&str> = findings.hits.iter().map(|hit| hit.span.slice(text)).collect();
        assert_eq!(spans, [expected], "{text}");
    }
}

#[test]
fn deadlines_people_prayers_and_mockery_are_marked() {
    let mark = |text: &str| {
        let findings = PHRASES.read(text);
        let marks = [findings.deadline, findings.asks_for_person, findings.prayer, findings.sarcasm];
        marks.map(|mark| mark.is_some())
    };
    for (text, expected) in [
        ("رجعوا المبلغ خلال ٢٤ ساعة", [true, false, false, false]),
        ("refund me within 48 hours", [true, false, false, false]),
        ("you have until Friday", [true, false, false, false]),
        ("لو الفلوس مرجعتش قبل يوم الأحد", [true, false, false, false]),
        ("أبغى أكلم موظف", [false, true, false, false]),
        ("عايز أكلم حد", [false, true, false, false]),
        ("can I speak to a human please", [false, true, false, false]),
        ("حسبي الله ونعم الوكيل فيكم", [false, false, true, false]),
        ("منكم لله", [false, false, true, false]),
        ("ما شاء الله عليكم، الطلب متأخر ساعتين", [false, false, false, true]),
        ("خدمة خمس نجوم والطلب وصل بارد 🙄", [false, false, false, true]),
        ("oh great, the app crashed", [false, false, false, true]),
        ("ما شاء الله عليكم، خدمة سريعة", [false, false, false, false]),
        ("برافو على التغليف بس الطلب متأخر", [false, false, false, false]),
        ("five stars for the staff", [false, false, false, false]),
        ("الله يوفقكم", [false, false, false, false]),
    ] {
        assert_eq!(mark(text), expected, "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_and_spans_stay_inside_it(text in any::<String>()) {
        check(&text)?;
    }

    #[test]
    fn any_words_are_read_and_spans_stay_inside_them(
        text in "(ما|احد|سرق|يستخدم|حسابي|بطاقتي|لو|card|stolen|my|not|if|🙄|،|\\.|ـ|َ|٣|مرات|ضرووري| ){0,60}",
    ) {
        check(&text)?;
    }
}

fn check(text: &str) -> Result<(), TestCaseError> {
    let length = text.chars().count();
    let findings = PHRASES.read(text);
    let marks = [findings.deadline, findings.asks_for_person, findings.prayer, findings.sarcasm];
    for span in findings.hits.iter().map(|hit| hit.span).chain(marks.into_iter().flatten()) {
        prop_assert!(span.start < span.end && span.end <= length, "{span:?} of {length}");
    }
    Ok(())
}
