"""Arabic messages in Latin letters, as people type them: a copy of some of the project's own messages.

Letters follow the habits of a dialect, vowels are guessed, and each copy is spelled in a way of its own.
What comes out is cruder than what people write; it is there so that the layers that learn see more of it.
"""

import re

# The letters that are written one way everywhere, or one of several ways.
LETTERS = {
    "ا": ["a"], "أ": ["a"], "إ": ["e", "i"], "آ": ["a", "aa"], "ب": ["b"], "ت": ["t"], "ح": ["7", "7", "h"],
    "خ": ["5", "kh", "kh"], "د": ["d"], "ر": ["r"], "ز": ["z"], "س": ["s"], "ص": ["s"], "ض": ["d"], "ط": ["t", "6"],
    "ظ": ["z", "th"], "ع": ["3", "3", "3", "a"], "غ": ["gh", "gh", "8"], "ف": ["f"], "ك": ["k"], "ل": ["l"], "م": ["m"],
    "ن": ["n"], "ه": ["h"], "ة": ["a", "eh", "e"], "ى": ["a"], "ء": ["2", ""], "ئ": ["2", "e"], "ؤ": ["2", "o"],
    "َ": ["a"], "ُ": ["o"], "ِ": ["i"], "ث": ["th", "t", "s"], "ذ": ["th", "z", "d"], "ش": ["sh"], "ج": ["j"],
    "ق": ["2", "q"], "گ": ["g"], "پ": ["p"], "ڤ": ["v"], "چ": ["ch"],
}
HABITS = {
    "egyptian": {"ج": ["g"], "ق": ["2"], "ث": ["s", "t"], "ذ": ["z", "d"]},
    "gulf": {"ق": ["g", "q"], "ث": ["th"], "ذ": ["th"], "ظ": ["th"]},
    "levantine": {"ق": ["2"], "ث": ["t", "s"], "ذ": ["z", "d"]},
    "maghrebi": {"ق": ["9", "q", "k"], "ش": ["ch"], "ث": ["t"], "ذ": ["d"], "ح": ["7", "h"]},
}
# Words that have a spelling of their own.
WORDS = {
    "في": ["fi", "fe", "f"], "من": ["men", "mn", "min"], "على": ["3ala", "3la"], "ما": ["ma"], "لا": ["la"],
    "مش": ["mesh", "msh", "mish"], "مو": ["mo", "mu"], "هذا": ["hatha", "haza", "hada"], "انا": ["ana"], "أنا": ["ana"],
    "كل": ["kol", "kul"], "شو": ["shu", "sho"], "ايش": ["eish", "esh"], "ليش": ["leish", "lesh"], "والله": ["wallah", "wala"],
    "الله": ["allah"], "يا": ["ya"], "بس": ["bs", "bas"], "مع": ["ma3"], "عن": ["3an", "3n"], "اللي": ["elly", "elli", "li"],
    "شكرا": ["shukran", "shokran"], "كان": ["kan"], "لو": ["law", "lw"], "حتى": ["7ata", "hatta"], "بعد": ["ba3d", "b3d"],
    "قبل": ["abl", "gabl", "9bel"], "يوم": ["yom", "youm"], "انتو": ["ento", "entu"], "عندي": ["3andi", "3ndi"],
    "اليوم": ["elyom", "lyoum"], "الحين": ["al7een", "el7in"], "دلوقتي": ["delwa2ty", "dlw2ty"], "هلق": ["halla2", "hala2"],
    "دابا": ["daba"], "برشا": ["barcha", "bercha"], "واش": ["wach", "wesh"], "عشان": ["3ashan", "3shan"],
}
VOWELS = {"و": ["o", "ou", "oo", "u"], "ي": ["i", "ee", "y"]}
BETWEEN = ["a", "e", "", "", "i"]
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩؟،؛", "0123456789?,;")
ARABIC_WORD = re.compile("[ء-يپ-ڤگچ\u064b-\u0652ـ]+")


def spelled(word, habits, random_numbers):
    """One word in Latin letters."""
    word = word.replace("ـ", "")
    if word in WORDS:
        return random_numbers.choice(WORDS[word])
    out, rest = "", word
    for article, ways in (("وال", ["wel", "wal "]), ("بال", ["bel", "bil"]), ("لل", ["lel", "lil"]),
                          ("ال", ["el", "el ", "al", "il"])):
        if word.startswith(article) and len(word) > len(article) + 2:
            out, rest = random_numbers.choice(ways), word[len(article):]
            break
    after_consonant = False
    for at, letter in enumerate(rest):
        if letter in VOWELS:
            starts = at == 0 or rest[at - 1] in "اآأ"
            out += {"و": "w", "ي": "y"}[letter] if starts else random_numbers.choice(VOWELS[letter])
            after_consonant = False
            continue
        ways = habits.get(letter) or LETTERS.get(letter)
        if ways is None:
            continue
        is_vowel = letter in "اأإآىة\u064e\u064f\u0650"
        if after_consonant and not is_vowel and at + 1 < len(rest) + (random_numbers.random() < 0.5):
            out += random_numbers.choice(BETWEEN)
        out += random_numbers.choice(ways)
        after_consonant = not is_vowel
    return out


def in_latin_letters(text, dialect, random_numbers):
    """A whole text; what is no Arabic word stays."""
    ways = {letter: [random_numbers.choice(ways)] for letter, ways in {**LETTERS, **HABITS[dialect]}.items()}
    return ARABIC_WORD.sub(lambda word: spelled(word[0], ways, random_numbers), text.translate(DIGITS))


def copies(examples, share, random_numbers):
    """Copies of a share of the examples whose dialect is known, with the same labels."""
    return [{**example, "text": in_latin_letters(example["text"], example["slice"], random_numbers)}
            for example in examples
            if example["slice"] in HABITS and not example["dev"] and random_numbers.random() < share]
