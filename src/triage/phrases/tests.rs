//! The rules as a whole: they can be read, and each family is heard in each dialect.

use super::*;

#[test]
fn the_built_in_rules_can_be_read() {
    assert!(Book::read(FILES).is_ok_and(|book| book.groups.len() > TriggerKind::ALL.len()));
}
