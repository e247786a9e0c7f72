//! The words that say what a number beside them is, in Arabic of all regions, Latin-letter Arabic, English and a little French.
//!
//! All words are in folded form: ا for every alef, ه for ة, ي for ى and ئ.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::PersonalKind;

/// What a word tells about a number near it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Names what the number is: "order", "جوالي".
    Noun(Noun),
    /// Says that a number follows: "رقم", "no.".
    Marker,
    /// `#`, "n°" and "no": say so too, but only beside a noun, for they have other meanings.
    Sign,
    /// May stand between: "هو", "my".
    Filler,
    /// May stand between, and also between a number and the words that name it after it: "هذا رقم طلبي".
    Copula,
    /// Makes the word after it mean something public: "promo code", "error number".
    Veto,
}

/// What a number is by its noun, and how many digits it needs to be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Noun {
    /// The kind it names.
    pub(super) kind: PersonalKind,
    /// Fewest digits when the noun stands alone; more where sums of money stand beside it.
    pub(super) alone: usize,
    /// Whether its number may be a word with digits; a mere "code" with letters is most often a public one (SAVE20).
    pub(super) wordy: bool,
    /// Fewest digits when a marker such as "رقم" is there too.
    pub(super) marked: usize,
}

/// Kind, fewest digits alone, fewest digits with a marker, words.
const NOUNS: [(PersonalKind, usize, usize, &str); 11] = [
    (
        PersonalKind::Phone,
        7,
        6,
        "رقمي هواتف جوال جوالي جوالات موبايل موبايلي موبيل موبيلي تلفون تلفوني تليفون تليفوني تيليفون هاتف هاتفي \
        محمول محمولي نقال نقالي واتس واتساب واتسابي واتسي وتساب كلموني كلمني كلموه اتصلوا اتصلو اتصل دقوا دقو دق \
        رنوا تواصلوا تواصلو تواصل راسلوني نمرتي فاكس خلوي whatsapp whatsap watsapp whats wats phone phones \
        mobile cell cellphone telephone tel tele gsm portable contact landline fax call text sms jawwal jawal \
        jawali jawwali mobayl mobayli mobaily telefon telefoni tilifon tilifoni ra2mi raqmi ra9mi ra8mi rakmi \
        rakami nimerti nemerti nemre nimro hatf hatif hatfi",
    ),
    (
        PersonalKind::NationalId,
        7,
        5,
        "هويه هويتي اقامه اقامتي قومي وطني وطنيه مدني مدنيه احوال حدود شخصيه شخصيتي تعريف قوميه سجلي nationalid \
        national iqama iqamah igama eqama emirates eid civil cpr cin cnie ssn identity identification citizen \
        hawiya hawiyya hawya hawiyati iqamati iqamti",
    ),
    (PersonalKind::Passport, 5, 5, "جواز جوازي باسبور باسبورت بسبور باسبوري passport passeport pasaport basbor"),
    (PersonalKind::Iban, 8, 8, "ايبان ايباني ابان iban ibani iiban"),
    (
        PersonalKind::Card,
        12,
        4,
        "بطاقه بطاقتي بطاقات كرت كرتي كارت كارد فيزا فيزتي فيزه ماستر ماستركارد مدي مدا card cards visa \
        mastercard mada credit debit amex carte beta2a beta2et bta2a bita2a pan",
    ),
    (
        PersonalKind::AccountNumber,
        7,
        4,
        "حساب حسابي عضويه عضويتي عميل مشترك اشتراك اشتراكي عداد عدادي زبون وثيقه وثيقتي ايدي account acc acct ac \
        customer client member membership subscriber subscription policy meter user compte rib hesab hesabi \
        7esab 7esabi 7sabi 7isab hisabi",
    ),
    (PersonalKind::AccountNumber, 8, 4, "محفظه محفظتي wallet loyalty ولاء"),
    (
        PersonalKind::OrderNumber,
        5,
        3,
        "طلب طلبي طلبيه طلبيتي اوردر اوردري اودر اورد شحنه شحنتي بوليصه بوليصتي تتبع تتبعي حجز حجزي تذكره تذكرتي \
        تكت بلاغ بلاغي شكوي شكوتي شكواي مرجع مرجعي مرجعيه طرد طردي كوموند كوماند كومند order orders ord booking \
        reservation tracking shipment parcel awb waybill ticket tkt complaint reference ref pnr confirmation \
        package incident commande talab talabi tlab 6alab 6alabi talabiya commanda 7agz hagz 7ajz",
    ),
    (
        PersonalKind::OrderNumber,
        8,
        3,
        "طلبات طلباتي شحنات فاتوره فاتورتي معامله معاملتي عمليه عمليات حواله حوالتي تحويل تحويله ايصال سداد رحله \
        رحلتي توصيله عقد عقدي invoice inv receipt case transaction txn trx transfer delivery request purchase \
        refund payment facture rrn utr fatora fatoora contract",
    ),
    (PersonalKind::VerificationCode, 3, 3, "cvv cvc cvv2"),
    (
        PersonalKind::VerificationCode,
        4,
        3,
        "تحقق تفعيل otp pin passcode password باسورد باسوورد pass pwd سري سريه مرور سر السر \
        verification activation passwort",
    ),
];

/// Words for codes of any sort.
const CODES: &str = "كود رمز code codes kod kood";

const MARKERS: &str = "رقم رقمه رقمها رقمهم رقمكم رقمك ارقام نمره نمر number numbers num nr nbr id ids ra2m raqm ra9m \
        ra8m rakam raqam nemra numero تنتهي ينتهي منتهيه ending ends digits";

const FILLERS: &str = "بنك بنكي بنكيه خاص خاصه بي بتاعي بتاعتي بتاع تبعي تبعتي حقي حقتي حق ديالي ديال تاعي تاع مالي معكم عندكم \
        لديكم كان كانت اللي الي وصلني جاني جاتني وصلتني شحن علي ع في من ب تالي اتي كتالي جديد قديم سفر ايتمان \
        ايتمانيه صراف كلمه ارقامه اربع اربعه ارقامها شخصي جاري توفير دولي انا my the your our of for with at \
        on me it its in a an to or following new old bank current savings four last اخر el al l il bta3i bta3ti \
        taba3i dyali 7agi 7a2i hagi نفسه سابق you use us mine please pls here";

const COPULAS: &str =
    "هو هي هذا هذي هذه ده دي دا هاد هاذا هيدا هيدي هادا is are was equals = da dah hada hayda huwa howa";

const VETOES: &str = "promo discount coupon voucher error zip postal area country qr bar http status dress source خصم كوبون \
        برومو بريدي خطا";

static WORDS: LazyLock<HashMap<&str, Role>> = LazyLock::new(|| {
    let plain = [
        ("# № n no nos", Role::Sign),
        (VETOES, Role::Veto),
        (FILLERS, Role::Filler),
        (MARKERS, Role::Marker),
        (COPULAS, Role::Copula),
    ];
    let plain = plain.into_iter().flat_map(|(words, role)| words.split_whitespace().map(move |word| (word, role)));
    let nouns = NOUNS.into_iter().flat_map(|(kind, alone, marked, words)| {
        words.split_whitespace().map(move |word| (word, Role::Noun(Noun { kind, alone, wordy: true, marked })))
    });
    let code = Role::Noun(Noun { kind: PersonalKind::VerificationCode, alone: 4, wordy: false, marked: 3 });
    let codes = CODES.split_whitespace().map(|word| (word, code));
    plain.chain(nouns).chain(codes).collect()
});

/// What a folded word tells, its article, prepositions and elongation (رقمممم) aside.
pub(super) fn role(word: &str) -> Option<Role> {
    if let Some(role) = WORDS.get(word) {
        return Some(*role);
    }
    let word = shorten(word);
    std::iter::once(word.as_str()).chain(without_prefix(&word)).find_map(|form| WORDS.get(form).copied())
}

/// Three and more of a letter become one.
fn shorten(word: &str) -> String {
    let chars: Vec<char> = word.chars().collect();
    let runs = chars.chunk_by(|one, next| one == next);
    runs.flat_map(|run| if run.len() > 2 { &run[..1] } else { run }).collect()
}

/// The word without the particles that Arabic writes together with it.
fn without_prefix(word: &str) -> impl Iterator<Item = &str> {
    const PREFIXES: [&str; 16] =
        ["ال", "لل", "وال", "بال", "فال", "كال", "عال", "هال", "ولل", "و", "ف", "ب", "ل", "el", "al", "l"];
    PREFIXES.iter().filter_map(|prefix| word.strip_prefix(prefix)).filter(|rest| rest.chars().count() >= 3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::privacy::fold::fold;

    #[test]
    fn every_word_is_in_folded_form() {
        for word in WORDS.keys() {
            let folded: String = word.chars().filter_map(fold).collect();
            assert!(WORDS.contains_key(folded.as_str()), "{word} can never be met");
        }
    }

    #[test]
    fn articles_and_elongation_do_not_hide_a_word() {
        for word in ["الطلب", "بالطلب", "والطلب", "طلببببب", "elorder", "للطلب"] {
            let Some(Role::Noun(noun)) = role(word) else { panic!("{word}") };
            assert_eq!(noun.kind, PersonalKind::OrderNumber, "{word}");
        }
        assert_eq!(role("ورقم"), Some(Role::Marker));
        assert_eq!(role("بيتزا"), None);
    }
}
