//! What columns are called, in English and Arabic.

use super::mapping::Field;
use crate::feedback::{Channel, RatingMethod};

/// What a header says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Meaning {
    /// What the column holds.
    pub(super) field: Field,
    /// How sure the name makes us, 0–1.
    pub(super) confidence: f32,
    /// Whether the whole name is known rather than a word of it.
    pub(super) exact: bool,
}

/// Names of each field, folded; the longest name that fits wins.
const NAMES: &[(Field, &str)] = &[
    (
        Field::Text,
        "text|comment|comments|feedback|review|reviews|message|verbatim|body|content|note|notes|\
         description|complaint|opinion|remark|remarks|answer|response|open ended|suggestion|\
         suggestions|transcript|tweet|post|free text|review text|comment text|feedback text|\
         message text|rating comment|تعليق|تعليقات|رساله|ملاحظه|ملاحظات|نص|راي|اراء|شكوي|مراجعه|\
         محتوي|اقتراح|مقترح|تغريده|بلاغ|استفسار|نص تعليق|نص رساله|راي عميل|تعليق عميل|\
         ملاحظات عميل|نص مراجعه|نص شكوي",
    ),
    (Field::Question, "question|question text|prompt|سؤال|نص سؤال"),
    (Field::Rating(None), "rating|score|rate|overall rating|تقييم|درجه|تقييم عام|تقييم عميل|درجه تقييم"),
    (
        Field::Rating(Some(RatingMethod::Nps)),
        "nps|nps score|nps rating|likelihood to recommend|recommend|recommendation score|توصيه|\
         صافي نقاط ترويج|احتمال توصيه",
    ),
    (
        Field::Rating(Some(RatingMethod::Csat)),
        "csat|csat score|satisfaction|satisfaction score|رضا|رضا عميل|درجه رضا|مستوي رضا",
    ),
    (Field::Rating(Some(RatingMethod::Stars)), "stars|star rating|number of stars|نجوم|عدد نجوم|تقييم نجوم"),
    (
        Field::Rating(Some(RatingMethod::Ces)),
        "ces|ces score|effort|effort score|customer effort score|ease|جهد|سهوله|درجه جهد",
    ),
    (
        Field::CollectedAt(None),
        "date|created at|created|timestamp|submitted at|submitted|collected at|datetime|date time|\
         submission date|response date|review date|posted at|received at|created date|تاريخ|\
         تاريخ انشاء|تاريخ تعليق|تاريخ رد|تاريخ ارسال|وقت ارسال|تاريخ وقت",
    ),
    (
        Field::Customer,
        "customer|customer id|customer number|customer no|user|user id|client|client id|member id|\
         respondent|respondent id|account id|عميل|رقم عميل|معرف عميل|زبون|رقم زبون|مستخدم|\
         رقم مستخدم|معرف مستخدم",
    ),
    (
        Field::Phone,
        "phone|phone number|mobile|mobile number|mobile no|tel|telephone|msisdn|whatsapp number|\
         contact number|customer phone|جوال|هاتف|موبايل|رقم جوال|رقم هاتف|رقم موبايل|رقم تواصل",
    ),
    (Field::Email, "email|e mail|mail|email address|customer email|بريد|ايميل|بريد الكتروني"),
    (
        Field::LeftOut,
        "name|full name|first name|last name|customer name|user name|client name|national id|\
         iqama|iban|card number|date of birth|dob|birth date|ip|ip address|اسم|اسم عميل|اسم كامل|\
         اسم زبون|هويه|رقم هويه|اقامه|رقم اقامه|ايبان|تاريخ ميلاد",
    ),
    (Field::Channel, "channel|medium|platform|source channel|قناه|منصه|قناه تواصل"),
    (Field::SourceKind, "source kind"),
    (Field::Source, "source|source system|system|مصدر"),
    (Field::Touchpoint, "touchpoint|touch point|journey step|journey stage|نقطه تواصل|نقطه اتصال|مرحله"),
    (
        Field::ExternalId,
        "id|external id|ticket id|ticket number|ticket no|ticket|review id|feedback id|\
         response id|comment id|message id|case id|case number|record id|reference|ref|uuid|رقم|\
         معرف|رقم تذكره|رقم شكوي|رقم بلاغ|رقم تعليق|رقم مرجعي|رقم حاله",
    ),
    (
        Field::Metadata,
        "order id|order number|order no|transaction id|product id|branch id|agent id|store id|\
         response time|رقم طلب|رقم عمليه|رقم فرع|رقم فاتوره|رقم موظف",
    ),
];

/// Words in a channel column, and the channel they stand for.
const CHANNELS: &[(Channel, &str)] = &[
    (Channel::AppReview, "app review|app store|google play|play store|appgallery|ios|android|متجر|متجر تطبيقات"),
    (Channel::Survey, "survey|questionnaire|nps|csat|استبيان|استبانه"),
    (Channel::Review, "review|google maps|google|trustpilot|maps|مراجعه|تقييمات|خرائط"),
    (
        Channel::Social,
        "social|social media|twitter|x|facebook|instagram|tiktok|snapchat|youtube|linkedin|تويتر|\
         فيسبوك|انستقرام|انستغرام|تواصل اجتماعي|وسائل تواصل اجتماعي",
    ),
    (Channel::Call, "call|phone|call center|call centre|contact center|voice|اتصال|مكالمه|هاتف|مركز اتصال"),
    (Channel::Chat, "chat|live chat|chatbot|whatsapp|telegram|messenger|sms|محادثه|دردشه|واتساب|شات"),
    (Channel::Email, "email|e mail|mail|بريد|ايميل|بريد الكتروني"),
    (Channel::Web, "web|website|form|web form|portal|site|موقع|نموذج|بوابه"),
    (Channel::Behaviour, "behaviour|behavior|سلوك"),
    (Channel::Other, "other|others|اخري|غير ذلك"),
];

/// What a header means; none if no word of it is known.
pub(super) fn meaning(header: &str) -> Option<Meaning> {
    let folded = fold(header);
    let names = || NAMES.iter().flat_map(|(field, names)| names.split('|').map(move |name| (*field, name)));
    if let Some((field, _)) = names().find(|(_, name)| *name == folded) {
        return Some(Meaning { field, confidence: 0.95, exact: true });
    }
    let is_arabic = folded.chars().any(|c| ('\u{600}'..='\u{6ff}').contains(&c));
    // The word that says what it is comes last in English ("comment date") and first in Arabic ("تاريخ التعليق").
    let is_head = |name: &str| {
        let rest = if is_arabic { folded.strip_prefix(name) } else { folded.strip_suffix(name) };
        rest.is_some_and(|rest| if is_arabic { rest.starts_with(' ') } else { rest.ends_with(' ') })
    };
    let padded = format!(" {folded} ");
    let found = names()
        .filter(|(_, name)| padded.contains(&format!(" {name} ")))
        .max_by_key(|(_, name)| (is_head(name), name.chars().count()));
    let (field, name) = found?;
    Some(Meaning { field, confidence: if is_head(name) { 0.75 } else { 0.5 }, exact: false })
}

/// The channel that a cell names.
pub(super) fn channel(cell: &str) -> Option<Channel> {
    let folded = fold(cell);
    let known =
        CHANNELS.iter().find(|(_, names)| names.split('|').any(|name| name == folded)).map(|(channel, _)| *channel);
    known.or_else(|| cell.trim().to_lowercase().parse().ok())
}

/// A name without case, diacritics, articles, punctuation and the variants of Arabic letters.
pub(super) fn fold(name: &str) -> String {
    let mut spaced = String::new();
    let mut before = ' ';
    for c in name.chars() {
        if c.is_uppercase() && before.is_lowercase() {
            spaced.push(' ');
        }
        before = c;
        match c {
            '\u{64b}'..='\u{65f}' | '\u{640}' | '\u{670}' | '\u{200b}'..='\u{200f}' | '\u{feff}' => {}
            'أ' | 'إ' | 'آ' | 'ٱ' => spaced.push('ا'),
            'ى' | 'ی' => spaced.push('ي'),
            'ة' => spaced.push('ه'),
            c if c.is_alphanumeric() => spaced.extend(c.to_lowercase()),
            _ => spaced.push(' '),
        }
    }
    spaced.split_whitespace().map(without_article).collect::<Vec<_>>().join(" ")
}

fn without_article(word: &str) -> &str {
    let bare = word.strip_prefix("وال").or_else(|| word.strip_prefix("ال")).unwrap_or(word);
    if bare.chars().count() >= 2 { bare } else { word }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_understood_in_both_languages() {
        let nps = Field::Rating(Some(RatingMethod::Nps));
        for (header, field) in [
            ("Comment", Field::Text),
            ("customer_comment", Field::Text),
            ("التعليق", Field::Text),
            ("تعليق العميل", Field::Text),
            ("الرِّسـالة", Field::Text),
            ("الملاحظات", Field::Text),
            ("الشكوى", Field::Text),
            ("Review Date", Field::CollectedAt(None)),
            ("createdAt", Field::CollectedAt(None)),
            ("تاريخ التعليق", Field::CollectedAt(None)),
            ("Rating", Field::Rating(None)),
            ("التقييم", Field::Rating(None)),
            ("NPS score", nps),
            ("Stars", Field::Rating(Some(RatingMethod::Stars))),
            ("رقم العميل", Field::Customer),
            ("customerId", Field::Customer),
            ("customer_id", Field::Customer),
            ("رقم الجوال", Field::Phone),
            ("E-mail", Field::Email),
            ("اسم العميل", Field::LeftOut),
            ("القناة", Field::Channel),
            ("Ticket ID", Field::ExternalId),
            ("رقم", Field::ExternalId),
            ("رقم الطلب", Field::Metadata),
            ("Order ID", Field::Metadata),
        ] {
            let found = meaning(header).map(|meaning| meaning.field);
            assert_eq!(found, Some(field), "{header}: {}", fold(header));
        }
        for header in ["City", "المدينة", "Q1", "", "⭐"] {
            assert_eq!(meaning(header), None, "{header}");
        }
    }

    #[test]
    fn channels_are_understood_in_both_languages() {
        for (cell, channel_expected) in [
            ("App Store", Some(Channel::AppReview)),
            ("الواتساب", Some(Channel::Chat)),
            ("تويتر", Some(Channel::Social)),
            ("app_review", Some(Channel::AppReview)),
            ("مركز الاتصال", Some(Channel::Call)),
            ("pigeon", None),
        ] {
            assert_eq!(channel(cell), channel_expected, "{cell}");
        }
    }
}
