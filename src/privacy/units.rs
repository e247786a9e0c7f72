//! Words that make the number beside them a quantity: money, time, measure, count.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use super::shadow::Shadow;

/// Folded words; each may follow its number with or without a space.
const UNITS: &str = "ريال ريالا ريالات رس درهم دراهم جنيه جنيها جنيهات جني دينار دنانير دولار دولارات ليره ليرات يورو هلله \
        هلل فلس قرش سنتيم الف الاف مليون ملايين مليار ميه sar sr aed egp usd kwd qar bhd omr jod lbp mad dzd tnd \
        dh dhs eur gbp le riyal riyals dirham dirhams pound pounds dollar dollars dinar dinars geneh gneh genih ryal rial reyal dirhem k thousand \
        million millions billion bn ساعه ساعات دقيقه دقايق ثانيه ثواني يوم يوما ايام اسبوع اسابيع شهر شهور اشهر \
        سنه سنوات سنين عام مره مرات hour hours hr hrs minute minutes min mins second seconds sec day days week \
        weeks month months year years times قطعه قطع حبه حبات كيلو كجم جرام غرام متر كم كلم kg km gm g m cm ml \
        liter لتر نجمه نجوم star stars نقطه نقاط point points pts شخص اشخاص people users followers متابع مشاهده \
        مشاهدات views تحميل downloads ميجا جيجا gb mb وجبه وجبات طلبات orders items pieces pcs percent بالميه";

static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| UNITS.split_whitespace().collect());

/// Whether a currency stands before the number or a unit after it.
pub(super) fn counts(shadow: &Shadow, number: &Range<usize>) -> bool {
    let before = shadow.chars[..number.start].iter().rev().take(2).find(|c| **c != ' ');
    let mut after = number.end;
    while shadow.at(after) == Some(' ') && after < number.end + 2 {
        after += 1;
    }
    let is_sign = |c: char| matches!(c, '$' | '€' | '£' | '﷼' | '%' | '⃁');
    before.is_some_and(|&c| is_sign(c)) || shadow.at(after).is_some_and(is_sign) || is_unit_at(shadow, after)
}

fn is_unit_at(shadow: &Shadow, start: usize) -> bool {
    // "ر.س" is written with a dot inside.
    let letters: String = shadow.chars[start..]
        .iter()
        .take(12)
        .scan(false, |seen_space, &c| {
            *seen_space |= !(c.is_alphabetic() || c == '.');
            (!*seen_space).then_some(c)
        })
        .filter(|c| *c != '.')
        .collect();
    WORDS.contains(letters.as_str())
}
