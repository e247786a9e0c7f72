//! How one typed character looks to the recognisers.
//!
//! Folding is for looking only: what is not masked leaves as it was typed.

/// The character that stands for a stretch that is masked already; no recogniser looks through it.
pub(super) const BARRIER: char = '\u{FFFC}';

/// The plain form of a character, or `None` when it is invisible or decoration.
///
/// Digits of all common scripts become ASCII, Latin letters lower case, full-width forms plain, spaces and dashes one each,
/// and Arabic letters lose the spellings that people mix up (hamzas, ta marbuta, Persian kaf and yeh).
pub(super) fn fold(typed: char) -> Option<char> {
    match typed {
        '\t' => Some(' '),
        '\n' | ' '..='~' => Some(typed.to_ascii_lowercase()),
        _ if typed.is_control() || is_invisible(typed) || is_decoration(typed) => None,
        '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' | BARRIER => Some(' '),
        '\u{2028}' | '\u{2029}' => Some('\n'),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' => Some('-'),
        '\u{2024}' | '\u{06D4}' | '\u{066B}' => Some('.'),
        '\u{2044}' | '\u{2215}' => Some('/'),
        '\u{066A}' => Some('%'),
        '\u{FE6B}' => Some('@'),
        // Full-width forms lie at a fixed distance from ASCII.
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(typed as u32 - 0xFEE0).map(|plain| plain.to_ascii_lowercase()),
        'أ' | 'إ' | 'آ' | 'ٱ' => Some('ا'),
        'ى' | 'ئ' | 'ی' | 'ې' => Some('ي'),
        'ؤ' => Some('و'),
        'ة' | 'ۀ' | 'ہ' | 'ە' => Some('ه'),
        'ک' | 'گ' | 'ڪ' => Some('ك'),
        'ڤ' => Some('ف'),
        'پ' => Some('ب'),
        'é' | 'è' | 'ê' | 'É' => Some('e'),
        _ => Some(digit_value(typed).unwrap_or(typed)),
    }
}

/// Whether the character draws nothing and turns direction: these may stay around a tag, so they belong to no neighbour.
pub(super) fn is_bidi_control(typed: char) -> bool {
    matches!(typed, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn is_invisible(typed: char) -> bool {
    is_bidi_control(typed)
        || matches!(typed, '\u{AD}' | '\u{034F}' | '\u{180E}' | '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{2064}' | '\u{206A}'..='\u{206F}' | '\u{FEFF}')
}

/// Tatweel, Arabic vowel and Quran marks, variation selectors and the keycap frame of emoji digits.
fn is_decoration(typed: char) -> bool {
    matches!(typed,
        '\u{0640}' | '\u{0610}'..='\u{061A}' | '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{06D6}'..='\u{06DC}'
        | '\u{06DF}'..='\u{06E8}' | '\u{06EA}'..='\u{06ED}' | '\u{0300}'..='\u{036F}' | '\u{FE00}'..='\u{FE0F}' | '\u{20D0}'..='\u{20F0}')
}

/// The ASCII digit with the value of a digit of another script.
fn digit_value(typed: char) -> Option<char> {
    /// The zeros of scripts whose ten digits follow one another.
    const ZEROS: [u32; 9] = [0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0E50, 0x1D7D8, 0x1FBF0];
    let code = typed as u32;
    let value = match code {
        0x2460..=0x2468 => Some(code - 0x2460 + 1),
        0x24EA => Some(0),
        0x1D7CE..=0x1D7FF => Some((code - 0x1D7CE) % 10),
        _ => ZEROS.iter().find(|&&zero| (zero..zero + 10).contains(&code)).map(|zero| code - zero),
    }?;
    char::from_digit(value, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digit_script_becomes_ascii() {
        for digits in [
            "٠١٢٣٤٥٦٧٨٩",
            "۰۱۲۳۴۵۶۷۸۹",
            "０１２３４５６７８９",
            "०१२३४५६७८९",
            "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗",
            "⓪①②③④⑤⑥⑦⑧⑨",
            "0️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣9️⃣",
        ] {
            assert_eq!(digits.chars().filter_map(fold).collect::<String>(), "0123456789", "{digits}");
        }
    }

    #[test]
    fn spellings_meet() {
        for (typed, plain) in
            [("الإقـــامة", "الاقامه"), ("جُوّالي", "جوالي"), ("آيبان", "ايبان"), ("ＩＢＡＮ", "iban"), ("شكوى", "شكوي")]
        {
            assert_eq!(typed.chars().filter_map(fold).collect::<String>(), plain);
        }
    }
}
