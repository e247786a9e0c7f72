//! Check digits and built-in dates of identifiers, on ASCII digit values.

/// The Luhn check: every second digit from the right, the last excluded, is doubled, digit sums are added, and the total ends in 0.
///
/// ISO/IEC 7812-1, annex B. Payment cards use it, and so do Saudi national ids and residence permits.
pub(super) fn luhn(digits: &[u8]) -> bool {
    let total: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, &digit)| match (place % 2, u32::from(digit) * 2) {
            (0, doubled) => doubled / 2,
            (_, doubled) => doubled / 10 + doubled % 10,
        })
        .sum();
    total.is_multiple_of(10)
}

/// Saudi national id (starts with 1) or residence permit, Iqama (starts with 2): ten digits, the last by [`luhn`].
pub(super) fn is_saudi_id(digits: &[u8]) -> bool {
    digits.len() == 10 && matches!(digits[0], 1 | 2) && luhn(digits)
}

/// Emirates ID: `784` (the country's ISO 3166-1 number), year of birth, seven digits, one check digit.
///
/// The authority publishes no rule for the check digit, so the shape alone decides.
pub(super) fn is_emirates_id(digits: &[u8]) -> bool {
    digits.len() == 15 && digits.starts_with(&[7, 8, 4]) && (1900..2100).contains(&number(&digits[3..7]))
}

/// Egyptian national id: century (2 for 19xx, 3 for 20xx), birth date `YYMMDD`, governorate, sequence, check digit.
///
/// The rule of the check digit is unpublished; the date inside must exist.
pub(super) fn is_egyptian_id(digits: &[u8]) -> bool {
    if digits.len() != 14 || !matches!(digits[0], 2 | 3) {
        return false;
    }
    let year = 1700 + 100 * u32::from(digits[0]) + number(&digits[1..3]);
    is_date(year, number(&digits[3..5]), number(&digits[5..7]))
}

/// Card number: 13 to 19 digits (ISO/IEC 7812-1), the last by [`luhn`], and not one digit over and over.
pub(super) fn is_card(digits: &[u8]) -> bool {
    (13..=19).contains(&digits.len()) && luhn(digits) && digits.iter().any(|&digit| digit != digits[0])
}

/// Whether the day exists in the Gregorian calendar (ISO 8601).
pub(super) fn is_date(year: u32, month: u32, day: u32) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// Whether a number is a year that people write about, Gregorian or Hijri.
pub(super) fn is_year(value: u32) -> bool {
    (1300..1500).contains(&value) || (1900..2100).contains(&value)
}

/// The number that up to nine digits write.
pub(super) fn number(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |value, &digit| value * 10 + u32::from(digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> Vec<u8> {
        text.bytes().map(|byte| byte - b'0').collect()
    }

    #[test]
    fn luhn_knows_the_published_test_cards() {
        for card in ["4111111111111111", "5555555555554444", "378282246310005", "6011111111111117", "30569309025904"] {
            assert!(is_card(&digits(card)), "{card}");
            let mut wrong = digits(card);
            wrong[3] = (wrong[3] + 1) % 10;
            assert!(!is_card(&wrong), "{card}");
        }
        assert!(!is_card(&digits("0000000000000000")));
    }

    #[test]
    fn ids_need_their_date_and_first_digits() {
        assert!(is_saudi_id(&digits("1000000008")) && !is_saudi_id(&digits("1000000009")));
        assert!(!is_saudi_id(&digits("3000000004")));
        assert!(is_emirates_id(&digits("784199012345678")) && !is_emirates_id(&digits("784309012345678")));
        assert!(is_egyptian_id(&digits("29902280101234")) && !is_egyptian_id(&digits("29902300101234")));
        assert!(is_egyptian_id(&digits("30002290101234")) && !is_egyptian_id(&digits("30102290101234")));
    }
}
