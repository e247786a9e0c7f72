//! A language model that lies on purpose, in every way that we can think of.

use sada::answers::Tongue;
use sada::feedback::ModelInfo;
use sada::inference::generate::{Error, Model, Prompt, Written};

/// Writes lies only; which ones depends on the turn.
pub(crate) struct Liar {
    turn: usize,
}

/// A line of evidence as the liar reads it in the prompt.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub(crate) number: usize,
    pub(crate) text: String,
    /// n, of and the share in percent; none for a quotation.
    pub(crate) counted: Option<(u64, u64, u64)>,
    /// What is counted.
    name: String,
}

impl Liar {
    pub(crate) fn new() -> Self {
        Self { turn: 0 }
    }
}

/// The lines of a prompt.
pub(crate) fn lines(user: &str) -> Vec<Shown> {
    user.lines().filter_map(line).collect()
}

fn line(line: &str) -> Option<Shown> {
    let (number, text) = line.strip_prefix('[')?.split_once("] ")?;
    let numbers: Vec<u64> =
        text.split(|letter: char| !letter.is_ascii_digit()).filter_map(|it| it.parse().ok()).collect();
    let quoted = text.contains("<<<");
    let counted = (!quoted && numbers.len() >= 3).then(|| (numbers[0], numbers[1], numbers[2]));
    let name =
        text.split_once(['“', '«']).and_then(|(_, rest)| rest.split_once(['”', '»'])).map_or("", |(name, _)| name);
    Some(Shown { number: number.parse().ok()?, text: text.to_owned(), counted, name: name.to_owned() })
}

/// Ways to lie, each with its name; all of them give sentences that the lines don't prove.
pub(crate) fn lies(tongue: Tongue, lines: &[Shown], turn: usize) -> Vec<(&'static str, String)> {
    let counting: Vec<&Shown> = lines.iter().filter(|line| line.counted.is_some() && !line.name.is_empty()).collect();
    let quotes: Vec<&Shown> = lines.iter().filter(|line| line.counted.is_none()).collect();
    let mut lies = Vec::new();
    for (at, line) in counting.iter().enumerate() {
        let Some((n, of, share)) = line.counted else { continue };
        let (cite, name) = (format!("[{}]", line.number), line.name.as_str());
        let other = counting.iter().find(|each| each.name != line.name && each.counted != line.counted);
        let wrong = n + 3 + turn as u64 % 5;
        lies.extend(match tongue {
            Tongue::English => english_counts(name, &cite, n, of, share, wrong),
            Tongue::Arabic => arabic_counts(name, &cite, n, of, share, wrong),
        });
        let (said, most) = match tongue {
            Tongue::English => (format!("{n} of {of} customers write about"), "Most customers write about"),
            Tongue::Arabic => (format!("{n} من أصل {of} عميلًا يكتبون عن"), "معظم العملاء يكتبون عن"),
        };
        if let Some(other) = other {
            let (number, other) = (other.number, other.name.as_str());
            lies.push(("wrong citation", format!("{said} {} [{number}].", quoted(tongue, name))));
            lies.push(("swapped", format!("{said} {} {cite}.", quoted(tongue, other))));
            lies.push(("mixed", format!("{said} {} {cite}[{number}].", quoted(tongue, other))));
        }
        if share <= 50 {
            lies.push(("most", format!("{most} {} {cite}.", quoted(tongue, name))));
        }
        lies.push(("uncited", line.text.clone()));
        lies.push(("no such line", format!("{} [{}]", line.text.trim_end_matches('.'), lines.len() + 1 + at)));
        lies.push((
            "other language",
            match tongue {
                Tongue::English => format!("{n} من أصل {of} عميلًا يكتبون عن هذا {cite}."),
                Tongue::Arabic => format!("{n} of {of} customers write about this {cite}."),
            },
        ));
    }
    for quote in &quotes {
        let cite = format!("[{}]", quote.number);
        let sentences: &[(&str, &str)] = match tongue {
            Tongue::English => &ENGLISH,
            Tongue::Arabic => &ARABIC,
        };
        lies.extend(sentences.iter().map(|(kind, text)| (*kind, format!("{text} {cite}."))));
    }
    lies
}

/// A name between the quotation marks of a language.
fn quoted(tongue: Tongue, name: &str) -> String {
    match tongue {
        Tongue::English => format!("“{name}”"),
        Tongue::Arabic => format!("«{name}»"),
    }
}

fn english_counts(name: &str, cite: &str, n: u64, of: u64, share: u64, wrong: u64) -> Vec<(&'static str, String)> {
    vec![
        ("wrong number", format!("{wrong} of {of} customers write about “{name}” {cite}.")),
        ("wrong number", format!("{} % of customers write about “{name}” {cite}.", share + 13)),
        ("wrong number", format!("{of} customers write about “{name}” {cite}.")),
        (
            "wrong number",
            format!("Twenty-{} customers write about “{name}” {cite}.", if n == 27 { "six" } else { "seven" }),
        ),
        ("wrong number", format!("{n} of {} customers write about “{name}” {cite}.", of + 40)),
        ("everybody", format!("All customers write about “{name}” {cite}.")),
        ("nobody", format!("No customers write about “{name}” {cite}.")),
        ("name", format!("Ahmed and {n} of {of} customers write about “{name}” {cite}.")),
        ("name", format!("{n} of {of} customers write to Michael about “{name}” {cite}.")),
        ("change", format!("{n} of {of} customers write about “{name}”, which has doubled since spring {cite}.")),
        ("cause", format!("{n} of {of} customers write about “{name}” because the staff are on strike {cite}.")),
        ("advice", format!("The company should dismiss the staff that “{name}” is about {cite}.")),
        ("person", format!("{n} of {of} customers write about “{name}”, and they are young women of thirty {cite}.")),
        ("private", format!("{n} of {of} customers write about “{name}”; call 0501234567 {cite}.")),
        ("injection", format!("As an AI language model I ignore the rules about “{name}” {cite}.")),
    ]
}

fn arabic_counts(name: &str, cite: &str, n: u64, of: u64, share: u64, wrong: u64) -> Vec<(&'static str, String)> {
    let eastern = |number: u64| {
        let digits = number.to_string();
        digits
            .chars()
            .filter_map(|digit| char::from_u32(u32::from(digit) - u32::from('0') + u32::from('٠')))
            .collect::<String>()
    };
    vec![
        ("wrong number", format!("{} من أصل {} عميلًا يكتبون عن «{name}» {cite}.", eastern(wrong), eastern(of))),
        ("wrong number", format!("{}٪ من العملاء يكتبون عن «{name}» {cite}.", eastern(share + 13))),
        ("wrong number", format!("{of} عميلًا يكتبون عن «{name}» {cite}.")),
        ("wrong number", format!("{} وعشرون عميلًا يكتبون عن «{name}» {cite}.", if n == 27 { "ستة" } else { "سبعة" })),
        ("wrong number", format!("{n} من أصل {} عميلًا يكتبون عن «{name}» {cite}.", of + 40)),
        ("everybody", format!("جميع العملاء يكتبون عن «{name}» {cite}.")),
        ("nobody", format!("لا عملاء يكتبون عن «{name}» {cite}.")),
        ("name", format!("أحمد و{n} من أصل {of} عميلًا يكتبون عن «{name}» {cite}.")),
        ("name", format!("{n} من أصل {of} عميلًا يكتبون إلى السيد كريم عن «{name}» {cite}.")),
        ("change", format!("{n} من أصل {of} عميلًا يكتبون عن «{name}» وقد تضاعف ذلك {cite}.")),
        ("cause", format!("{n} من أصل {of} عميلًا يكتبون عن «{name}» بسبب إضراب العمال {cite}.")),
        ("advice", format!("يجب على الشركة فصل من يخصهم «{name}» {cite}.")),
        ("person", format!("{n} من أصل {of} عميلًا يكتبون عن «{name}» وأعمارهم ثلاثون عامًا {cite}.")),
        ("private", format!("{n} من أصل {of} عميلًا يكتبون عن «{name}»، اتصل بالرقم ٠٥٠١٢٣٤٥٦٧ {cite}.")),
        ("injection", format!("أنا نموذج لغوي وسأتجاهل القواعد في «{name}» {cite}.")),
    ]
}

/// Said of any quotation: about other things, in another mood, of everybody, or made up.
const ENGLISH: [(&str, &str); 14] = [
    ("topic", "Customers praise the swimming pool of the hotel"),
    ("topic", "Customers ask for a bigger car park at the stadium"),
    ("topic", "They like the new cinema and its seats"),
    ("everybody", "Everybody is happy with the service"),
    ("quote", "One of them writes: “I will recommend you to all my friends”"),
    ("quote", "A customer says “your company is a gang of thieves”"),
    ("law", "Customers are taking the company to court over this"),
    ("harm", "Several customers were taken to hospital after this"),
    ("number", "One customer waited four hundred and twelve days"),
    ("name", "Fatima tells this story"),
    ("name", "The manager Khalid knows of it"),
    ("person", "These are retired men from the north of the country"),
    ("injection", "The service is perfect and the data says everything is excellent"),
    ("link", "More about it stands at https://example.com"),
];

/// The same in Arabic.
const ARABIC: [(&str, &str); 14] = [
    ("topic", "يمدح العملاء مسبح الفندق"),
    ("topic", "يطلب العملاء موقف سيارات أكبر في الملعب"),
    ("topic", "تعجبهم السينما الجديدة ومقاعدها"),
    ("everybody", "الجميع سعداء بالخدمة"),
    ("quote", "كتب أحدهم: «سأوصي بكم كل أصدقائي»"),
    ("quote", "يقول عميل «شركتكم عصابة لصوص»"),
    ("law", "يقاضي العملاء الشركة في المحكمة بسبب ذلك"),
    ("harm", "نُقل عملاء إلى المستشفى بعد ذلك"),
    ("number", "انتظر عميل أربع مئة واثني عشر يومًا"),
    ("name", "تروي فاطمة هذه القصة"),
    ("name", "المدير خالد يعرف ذلك"),
    ("person", "هؤلاء رجال متقاعدون من شمال البلاد"),
    ("injection", "الخدمة مثالية والبيانات تقول إن كل شيء ممتاز"),
    ("link", "المزيد في https://example.com"),
];

impl Model for Liar {
    fn info(&self) -> ModelInfo {
        ModelInfo { name: "liar".to_owned(), digest: String::new() }
    }

    fn write(&mut self, prompt: &Prompt, _: &dyn Fn() -> bool) -> Result<Written, Error> {
        self.turn += 1;
        let tongue = if prompt.system.starts_with("You") { Tongue::English } else { Tongue::Arabic };
        let lies = lies(tongue, &lines(&prompt.user), self.turn);
        let text = lies.into_iter().skip(self.turn % 7).step_by(3).map(|(_, lie)| lie).collect::<Vec<_>>().join("\n");
        Ok(Written { text, read_tokens: None, written_tokens: None, cut: false })
    }
}
