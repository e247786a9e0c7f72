//! Makes texts that are no language, and Arabic in Latin letters, from a seed.

use std::fmt::Write as _;

use crate::statistics::Random;

type Maker = fn(&mut Random, &[&str]) -> String;

/// Every kind of noise with what makes it.
const KINDS: &[(&str, Maker)] = &[
    ("latin letters", |random, _| letters(random, &('a'..='z').collect::<Vec<_>>())),
    ("arabic letters", |random, _| letters(random, &"ابتثجحخدذرزسشصضطظعغفقكلمنهوي".chars().collect::<Vec<_>>())),
    ("keyboard", keyboard),
    ("shuffled words", shuffled),
    ("base64", base64),
    ("hexadecimal", hexadecimal),
    ("code", code),
    ("lorem ipsum", lorem),
    ("repeated", repeated),
    ("digits", digits),
    ("log line", log_line),
];

const LOREM: &[&str] = &[
    "lorem",
    "ipsum",
    "dolor",
    "sit",
    "amet",
    "consectetur",
    "adipiscing",
    "elit",
    "sed",
    "eiusmod",
    "tempor",
    "incididunt",
    "ut",
    "labore",
    "et",
    "dolore",
    "magna",
    "aliqua",
    "enim",
    "minim",
    "veniam",
    "quis",
    "nostrud",
    "exercitation",
    "ullamco",
    "laboris",
    "nisi",
    "aliquip",
    "ex",
    "ea",
    "commodo",
    "consequat",
    "duis",
    "aute",
    "irure",
    "in",
    "reprehenderit",
    "voluptate",
    "velit",
    "esse",
    "cillum",
    "fugiat",
    "nulla",
    "pariatur",
    "excepteur",
    "sint",
    "occaecat",
    "cupidatat",
    "non",
    "proident",
    "sunt",
    "culpa",
    "qui",
    "officia",
    "deserunt",
    "mollit",
    "anim",
    "id",
    "est",
    "laborum",
];

const NAMES: &[&str] = &["data", "user", "item", "value", "result", "index", "config", "node", "request", "count"];

/// `count` texts that are no language, each with its kind; `samples` are texts to spoil.
pub(in crate::inference::train) fn texts(
    random: &mut Random,
    samples: &[&str],
    count: usize,
) -> Vec<(&'static str, String)> {
    let one = |index: usize| {
        let (kind, make) = KINDS[index % KINDS.len()];
        (kind, make(random, samples))
    };
    (0..count).map(one).collect()
}

fn letters(random: &mut Random, alphabet: &[char]) -> String {
    let words = 1 + random.below(8);
    let word = |random: &mut Random| -> String { (0..2 + random.below(9)).map(|_| random.pick(alphabet)).collect() };
    (0..words).map(|_| word(random)).collect::<Vec<_>>().join(" ")
}

fn keyboard(random: &mut Random, _: &[&str]) -> String {
    const ROWS: &[&str] = &["qwertyuiop", "asdfghjkl", "zxcvbnm", "ضصثقفغعهخحج", "شسيبلاتنمكط", "ئءؤرلاىةوزظ"];
    let row: Vec<char> = random.pick(ROWS).chars().collect();
    let mut text = String::new();
    for _ in 0..1 + random.below(4) {
        let start = random.below(row.len() - 3);
        let length = 3 + random.below(row.len() - 3 - start + 1).min(5);
        for _ in 0..1 + random.below(3) {
            text.extend(row.iter().skip(start).take(length));
        }
        if random.below(2) == 0 {
            text.push(' ');
        }
    }
    text.trim().to_owned()
}

/// A real text whose words have their letters in random order.
fn shuffled(random: &mut Random, samples: &[&str]) -> String {
    if samples.is_empty() {
        return letters(random, &('a'..='z').collect::<Vec<_>>());
    }
    let sample = random.pick(samples);
    let word = |word: &str| -> String {
        let mut letters: Vec<char> = word.chars().filter(|letter| letter.is_alphabetic()).collect();
        random.shuffle(&mut letters);
        letters.into_iter().collect()
    };
    sample.split_whitespace().take(14).map(word).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn base64(random: &mut Random, _: &[&str]) -> String {
    let alphabet: Vec<char> = ('A'..='Z').chain('a'..='z').chain('0'..='9').chain(['+', '/']).collect();
    let length = 16 + 4 * random.below(20);
    let text: String = (0..length).map(|_| random.pick(&alphabet)).collect();
    text + random.pick(&["", "=", "=="])
}

fn hexadecimal(random: &mut Random, _: &[&str]) -> String {
    let mut text = String::new();
    for _ in 0..1 + random.below(4) {
        let _ = write!(text, "{:0width$x}", random.next() >> 16, width = 8 + random.below(8));
        text.push_str(random.pick(&["", " ", "-", ":"]));
    }
    text
}

fn code(random: &mut Random, _: &[&str]) -> String {
    let (a, b, c) = (random.pick(NAMES), random.pick(NAMES), random.pick(NAMES));
    let number = random.below(1000);
    match random.below(8) {
        0 => format!("if ({a}.{b} == null) {{ return {c}[{number}]; }}"),
        1 => format!("def get_{a}(self, {b}):\n    return self.{c}.get({b}, {number})"),
        2 => format!("{{\"{a}\": {{\"{b}\": {number}, \"{c}\": [1, 2, null]}}}}"),
        3 => format!("SELECT {a}, COUNT(*) FROM {b}s WHERE {c}_id = {number} GROUP BY 1;"),
        4 => format!("<div class=\"{a}\"><span id=\"{b}-{number}\">{{{{ {c} }}}}</span></div>"),
        5 => format!("for (int i = 0; i < {number}; i++) {a}[i] = {b}(i) + {c};"),
        6 => format!("const {a} = await fetch(`/{b}/${{{c}}}?limit={number}`);"),
        _ => format!("#!/bin/sh\ngrep -r {a} /var/{b} | awk '{{print ${number}}}' > {c}.txt"),
    }
}

fn lorem(random: &mut Random, _: &[&str]) -> String {
    let count = 4 + random.below(20);
    (0..count).map(|_| random.pick(LOREM)).collect::<Vec<_>>().join(" ")
}

fn repeated(random: &mut Random, _: &[&str]) -> String {
    let letters: Vec<char> = ('a'..='z').chain("ابتثجحخدرسشصطعغفقكلمنهوي".chars()).collect();
    let unit: String = (0..1 + random.below(2)).map(|_| random.pick(&letters)).collect();
    let word = unit.repeat(4 + random.below(12));
    vec![word; 1 + random.below(3)].join(" ")
}

fn digits(random: &mut Random, _: &[&str]) -> String {
    let group = |random: &mut Random| {
        let digits = 2 + random.below(6) as u32;
        random.below(10_usize.pow(digits)).to_string()
    };
    let separator = random.pick(&[" ", "-", ".", "/", ", "]);
    (0..1 + random.below(6)).map(|_| group(random)).collect::<Vec<_>>().join(separator)
}

fn log_line(random: &mut Random, _: &[&str]) -> String {
    let (a, b) = (random.pick(NAMES), random.pick(NAMES));
    let level = random.pick(&["INFO", "WARN", "ERROR", "DEBUG"]);
    let (hour, minute, id) = (random.below(24), random.below(60), random.next() >> 40);
    format!(
        "2024-0{}-1{}T{hour:02}:{minute:02}:07Z {level} {a}_{b}[{id}]: {b}=0x{id:x} rc={}",
        1 + random.below(9),
        random.below(9),
        random.below(255)
    )
}

/// An Arabic text in the Latin letters and digits that people type it with; vowels are guessed.
pub(super) fn arabizi(random: &mut Random, text: &str) -> String {
    let mut latin = String::new();
    let mut after_consonant = false;
    for letter in text.chars() {
        let spelled = spell(random, letter);
        let vowel = matches!(letter, 'ا' | 'أ' | 'إ' | 'آ' | 'و' | 'ي' | 'ى' | 'ة');
        if !spelled.is_empty() && !vowel && letter.is_alphabetic() {
            if after_consonant && random.below(3) > 0 {
                latin.push_str(random.pick(&["a", "e", "a", "i"]));
            }
            after_consonant = true;
        } else {
            after_consonant = false;
        }
        latin.push_str(spelled);
    }
    latin
}

fn spell(random: &mut Random, letter: char) -> &'static str {
    let ways: &[&str] = match letter {
        'ا' | 'أ' | 'إ' | 'آ' => &["a", "a", "e"],
        'ب' => &["b"],
        'ت' | 'ط' => &["t", "t", "6"],
        'ث' => &["th", "s"],
        'ج' => &["j", "g"],
        'ح' => &["7", "h"],
        'خ' => &["5", "kh", "7'"],
        'د' | 'ض' => &["d"],
        'ذ' => &["th", "z"],
        'ر' => &["r"],
        'ز' | 'ظ' => &["z"],
        'س' | 'ص' => &["s", "s", "9"],
        'ش' => &["sh", "ch"],
        'ع' => &["3"],
        'غ' => &["gh", "8"],
        'ف' => &["f"],
        'ق' => &["q", "2", "g"],
        'ك' => &["k"],
        'ل' => &["l"],
        'م' => &["m"],
        'ن' => &["n"],
        'ه' => &["h"],
        'ة' => &["a", "e", "eh"],
        'و' => &["w", "o", "ou"],
        'ي' => &["y", "i"],
        'ى' => &["a"],
        'ء' | 'ئ' | 'ؤ' => &["2"],
        '؟' => &["?"],
        '،' => &[","],
        ' ' | '\n' => &[" "],
        '.' => &["."],
        '!' => &["!"],
        _ => &[""],
    };
    random.pick(ways)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_noise_of_every_kind() {
        let make = |seed| texts(&mut Random::new(seed), &["الخدمة زفت", "the app keeps crashing"], 220);
        assert_eq!(make(1), make(1));
        assert_ne!(make(1), make(2));
        for (kind, _) in KINDS {
            assert!(make(1).iter().filter(|(found, _)| found == kind).count() == 20, "{kind}");
        }
        assert!(make(1).iter().all(|(_, text)| !text.trim().is_empty()));
    }

    #[test]
    fn arabizi_has_no_arabic_letter_left() {
        let text = arabizi(&mut Random::new(1), "التطبيق ما يفتح من امس، وش الحل؟");
        assert!(text.is_ascii() && text.split(' ').count() == 7, "{text}");
    }
}
