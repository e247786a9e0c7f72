//! What we hold ourselves to, beside what others published or measured.

use super::report::{Aim, Bound};
use Bound::{AtLeast, AtMost, SurelyAtLeast};

const fn aim(of: (&'static str, &'static str, &'static str, &'static str), bound: Bound, others: &'static str) -> Aim {
    Aim { of, bound, others }
}

/// The aims, in the order of the report.
pub const AIMS: [Aim; 32] = [
    aim(("sentiment", "umsab", "ar", "macro-F1"), AtLeast(0.68), "XLM-T 0.669 (multilingual), 0.677 (monolingual)"),
    aim(("sentiment", "umsab", "mean of languages", "macro-F1"), AtLeast(0.67), "XLM-R base 0.668, XLM-T 0.694"),
    aim(("sentiment", "umsab", "en", "macro-F1"), AtLeast(0.71), "XLM-R base 0.685, XLM-T 0.706"),
    aim(("sentiment", "arsarcasm_v2", "all", "macro-F1"), AtLeast(0.70), "linear baseline 0.66"),
    aim(("sentiment", "semeval16_hotels", "all", "accuracy"), AtLeast(0.92), "linear baseline 0.88"),
    aim(("sentiment", "airline_tweets", "all", "macro-F1"), AtLeast(0.72), "linear, trained on it: 0.76"),
    aim(("sentiment", "android_app_reviews", "all", "accuracy"), AtLeast(0.90), "linear, trained on it: 0.91"),
    aim(("sentiment", "umsab", "all", "ECE"), AtMost(0.05), ""),
    aim(("routing", "banking77", "all", "accuracy"), AtLeast(0.93), "linear 0.91"),
    aim(
        ("routing", "arbanking77", "all", "accuracy"),
        AtLeast(0.90),
        "linear 0.85; AraBERT F1 0.92 MSA, 0.90 Palestinian",
    ),
    aim(("routing", "banking77", "5 examples each", "accuracy"), AtLeast(0.75), ""),
    aim(("routing", "banking77", "20 examples each", "accuracy"), AtLeast(0.87), ""),
    aim(("routing", "clinc150", "outside of all intents", "AUROC"), AtLeast(0.93), ""),
    aim(("urgency", "urgency", "all", "P1 recall"), AtLeast(0.95), "nobody publishes it"),
    aim(("urgency", "urgency", "all", "P1 recall"), SurelyAtLeast(0.92), "nobody publishes it"),
    aim(("urgency", "urgency", "all", "P1 precision"), AtLeast(0.75), "nobody publishes it"),
    aim(("urgency", "urgency", "all", "furious trivia marked P1"), AtMost(0.03), ""),
    aim(("urgency", "urgency", "all", "calm P1 missed"), AtMost(0.05), ""),
    aim(("urgency", "urgency", "all", "ECE of P1"), AtMost(0.05), ""),
    aim(("urgency", "urgency", "all", "P1 found or handed to a person"), AtLeast(0.95), "nobody publishes it"),
    aim(("themes", "banking77", "all", "V-measure"), AtLeast(0.766), "BERTopic's recipe 0.734, Leiden 0.766"),
    aim(("themes", "arbanking77", "all", "V-measure"), AtLeast(0.683), "BERTopic's recipe 0.649, Leiden 0.683"),
    aim(("themes", "clinc150", "all", "V-measure"), AtLeast(0.845), "BERTopic's recipe 0.845, Leiden 0.824"),
    aim(("themes", "banking77", "all", "adjusted Rand index"), AtLeast(0.470), "BERTopic's recipe 0.254, Leiden 0.470"),
    aim(("themes", "banking77", "all", "unassigned"), AtMost(0.15), "BERTopic's recipe 0.09 to 0.21"),
    aim(("privacy", "demo", "all", "planted values masked"), AtLeast(1.0), ""),
    aim(("language", "noise", "all", "sure feeling"), AtMost(0.0), ""),
    aim(("demo", "demo", "all", "P1 recall"), AtLeast(0.95), "a second annotator 0.931"),
    aim(("demo", "demo", "all", "P1 precision"), AtLeast(0.6), "a second annotator 0.750"),
    aim(("demo", "demo", "all", "sentiment accuracy"), AtLeast(0.8), "a second annotator 0.907"),
    aim(("demo", "demo", "themes", "V-measure"), AtLeast(0.75), ""),
    aim(("demo", "demo", "themes", "unassigned"), AtMost(0.15), ""),
];
