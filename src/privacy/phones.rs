//! Which digits dial a phone.
//!
//! Numbers in international form are checked by the `phonenumber` crate against the national numbering plans.
//! Numbers in national form are judged by the plans of the Arab countries below, since a text does not say where it was typed.

use super::find::Certainty;

/// Calling codes (ITU-T E.164) that people of the region write without `+` or `00`.
///
/// Indonesia (62) is not among them: the region's product barcodes begin with 622 to 629.
const BARE_CODES: [&str; 34] = [
    "966", "971", "965", "974", "973", "968", "20", "962", "961", "963", "964", "967", "970", "212", "213", "216",
    "218", "249", "222", "252", "253", "269", "90", "91", "92", "63", "880", "94", "977", "234", "254", "251", "44",
    "33",
];

/// A number behind `+` or `00`, given without them.
///
/// Behind such a prefix nothing but a phone number stands, so a number that no plan knows (a digit too many, a zero too many) counts too
/// when it has at least ten digits.
pub(super) fn international(digits: &str) -> Option<Certainty> {
    if is_dialled(digits) {
        return Some(Certainty::Certain);
    }
    (!digits.starts_with('0') && (10..=15).contains(&digits.len())).then_some(Certainty::Shape)
}

/// A number in international form that lacks its prefix.
pub(super) fn bare_international(digits: &str) -> Option<Certainty> {
    let known = (10..=15).contains(&digits.len()) && BARE_CODES.iter().any(|code| digits.starts_with(code));
    (known && is_dialled(digits)).then_some(Certainty::Checked)
}

/// A number in national form; `groups` are the lengths of the groups it was written in.
pub(super) fn national(digits: &str, groups: &[usize]) -> Option<Certainty> {
    let bytes = digits.as_bytes();
    let second = *bytes.get(1)?;
    match (bytes[0], digits.len()) {
        // Mobiles: 05 Saudi Arabia, Emirates, Palestine, Maghreb; 06 and 07 Maghreb, Jordan; 09 Syria, Libya, Sudan.
        (b'0', 10) if matches!(second, b'5' | b'6' | b'7' | b'9') => Some(Certainty::Checked),
        // Egyptian mobiles 010, 011, 012, 015; Iraqi mobiles 073 to 079.
        (b'0', 11) if second == b'1' && matches!(bytes[2], b'0' | b'1' | b'2' | b'5') => Some(Certainty::Checked),
        (b'0', 11) if second == b'7' && bytes[2] >= b'3' => Some(Certainty::Checked),
        // Fixed lines and numbers mistyped by a digit.
        (b'0', 10 | 11) if second != b'0' => Some(Certainty::Shape),
        (b'0', 9) if second > b'1' && groups.len() <= 3 => Some(Certainty::Shape),
        (_, 8) if is_lebanese(digits, groups) => Some(Certainty::Shape),
        // Gulf mobiles without the zero; a round sum of money ends in zeros.
        (b'5', 9) if groups.len() <= 4 && !digits.ends_with("00000") => Some(Certainty::Shape),
        _ => None,
    }
}

/// A North American number without its 1, grouped as it is there (`(631) 891-5722`); toll-free numbers are no one's own.
pub(super) fn north_american(digits: &str, groups: &[usize]) -> Option<Certainty> {
    let bytes = digits.as_bytes();
    let own = groups == [3, 3, 4] && bytes[0] > b'1' && bytes[3] > b'1';
    let toll_free = ["800", "888", "877", "866", "855", "844", "833"].contains(&&digits[..3]);
    (own && !toll_free).then_some(Certainty::Shape)
}

/// Lebanese mobiles: 03 in one piece or grouped, 70, 71, 76, 78, 79 and 81 only when the code is set apart (`71/123456`).
fn is_lebanese(digits: &str, groups: &[usize]) -> bool {
    let apart = matches!(groups, [2, 6] | [2, 3, 3]);
    match &digits[..2] {
        // Eight digits with a zero in front are often a date, day first.
        "03" => apart || !(digits[2..4].parse().is_ok_and(|month| (1..=12).contains(&month)) && is_year(&digits[4..])),
        "70" | "71" | "76" | "78" | "79" | "81" => apart,
        _ => false,
    }
}

fn is_year(digits: &str) -> bool {
    digits.parse().is_ok_and(super::checks::is_year)
}

/// Whether a numbering plan knows the number; zeros kept by mistake after the calling code are forgiven.
fn is_dialled(digits: &str) -> bool {
    let known = |digits: &str| {
        phonenumber::parse(None, format!("+{digits}")).is_ok_and(|number| phonenumber::is_valid(&number))
    };
    (7..=15).contains(&digits.len()) && !digits.starts_with('0') && known(digits)
        || ["9660", "9710", "200", "2120", "9620"].iter().any(|code| {
            digits.strip_prefix(code).is_some_and(|rest| known(&format!("{}{rest}", &code[..code.len() - 1])))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_know_their_numbers() {
        for number in [
            "966501234567",
            "971501234567",
            "201001234567",
            "212612345678",
            "96170123456",
            "96550012345",
            "9660501234567",
        ] {
            assert_eq!(international(number), Some(Certainty::Certain), "{number}");
            assert_eq!(bare_international(number), Some(Certainty::Checked), "{number}");
        }
        for number in ["966101", "100000000", "20240512"] {
            assert_eq!(bare_international(number), None, "{number}");
        }
    }

    #[test]
    fn dates_and_round_sums_are_no_phones() {
        assert_eq!(national("03122024", &[8]), None);
        assert_eq!(national("03123456", &[8]), Some(Certainty::Shape));
        assert_eq!(national("500000000", &[9]), None);
        assert_eq!(national("71123456", &[8]), None);
        assert_eq!(national("71123456", &[2, 6]), Some(Certainty::Shape));
    }
}
