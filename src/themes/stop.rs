//! Words that say nothing about a theme: function words, greetings, courtesies, in Arabic, its dialects, Arabizi and English.
//!
//! The public lists of the `stop-words` crate cover Modern Standard Arabic and English; dialects and the language of
//! complaints (thanks, please, hello, my brother, by God) are ours.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::words::runs;

/// Words of the dialects and of courtesy, in any spelling.
const ARABIC: &str = "\
    اللي الي اللى يلي انا احنا نحن انت انتي انتو انتم هو هي هم هما هاد هادا هاي هذي هذا هذه هذول دي ده دا دول ديك داك هديك هداك هاذ هاذي هادي هادشي دابا \
    مش مو مب مهو ماهو ماهي ميش موب مانى ماني ماكو مافي مافيش مفيش ماكانش مكانش ماكاينش كاين كاينة فيه فيها فيهم في فى عندي عندكم عندك عنده عندها عندهم عندنا معي معاي معايا معاكم معكم معاه معاها \
    شو ايش وش شنو اشنو شنهو ايه ليه ليش علاش لاش كيف كيفاش ازاي شلون وين فين منين امتى ايمتى وقتاش متى كم قديش قداش بكم مين منو شكون \
    بس لكن كمان برضو برضه بعد بعدين قبل لسه لسا مازال باقي للحين الحين الان هلا هلق هسه دلوقتي دلوقت توا توه اليوم امس البارح مبارح امبارح بكرا بكره غدا كل كلها كله كلهم شي شيء شيئ حاجة حاجه حد احد واحد واحدة واحده ولا ولو لو اذا اذ لما يوم ايام ساعة ساعه ساعات دقيقة دقيقه دقايق دقائق اسبوع شهر سنة مرة مره مرات مرتين ثاني ثانية تاني تانية نفس غير زي مثل متل كيما بحال جدا مره كتير كثير وايد بزاف برشا اوي قوي خالص ابد ابدا اكثر اكتر اقل شوي شوية شويه حتى يعني والله وﷲ الله لله بالله ياخي يا ياريت ليت ارجو ارجوكم لوسمحتم لوسمحت سمحتم سمحت فضلكم فضلك رجاء ممكن مشكورين شكرا شكرًا مشكور تسلموا تسلم يعطيكم يعطيك العافية عافية سلام السلام عليكم وعليكم ورحمة وبركاته مرحبا اهلا هلو الو صباح مساء الخير خير اخي اختي اخوي حبيبي استاذ حضرتك حضرتكم طيب تمام اوك اوكي اوكيه نعم لا ايوا ايوه اه آه لأ بلا بدون من عن على الى مع عند بين خلال حول ضد منذ حسب كان كانت كانوا كنت يكون تكون صار صارت يصير راح رح سوف عم قد لقد قام قامت بدي بدنا ابغى ابغا ابي نبغى نبي عايز عاوز عايزة بغيت نحب اريد نريد اقدر نقدر يقدر لازم ضروري خلاص يلا حسبي ونعم الوكيل انه انها انهم انكم اني لانه لانها لأن عشان علشان عشانكم مشان باش حيت لكم لك لي له لها لهم لنا عليه عليها عليهم علي علينا منكم منك منه منها مني منهم منا فيكم بيكم بيها بيه اول اخر آخر الاخر بعض اي اية ايا وكل وانا وهو وهي وما ولم ولن لم لن ليس ليست ما ماذا لماذا هل الذي التي الذين هنا هناك هون هنيك هناي هكا هيك كذا كده هكذا ذلك تلك ديال ديالي ديالكم تاع تاعي بتاع بتاعي بتاعت بتاعتي مال مالي حق حقي حقكم تبع تبعي تبعكم قال قالوا قالت قلت قالي يقول يقولون يقولوا بقول بيقول بيقولوا عملت عمل سويت سوى سوا يسوي درت شفت جاني جاي جت جه جاء اجا رد ردوا يرد بيرد ارد فقط ايضا طبعا اصلا دائما دايما احيانا حاليا جديد قديم بقالي صارلي ليا فيا بيا ديما حيث كما منذ وقت الوقت ريال درهم جنيه دينار ليرة دولار";

/// Arabic in Latin letters.
const ARABIZI: &str = "\
    el al ana enta enti enty howa howwa heya hiya e7na ehna ento da de di dah deh dol elly elli illi eli mesh mish mush msh mo mafi mafeesh mafish fi fe fih feeh fiha \
    w we wa wel wala walla wallah wallahi bas bs lakin lessa lesa lsa delwa2ty dilwa2ti hala2 halla halla2 hla2 el7een alheen alhin daba tawa emta imta embare7 embareh mbare7 lyom elyom \
    eh ey leh leih lesh laish leesh shu sho chno chnou shno wesh wach wain wen feen fin fen mnin kif kifash keef izay ezay azay zay zayy mitl metl \
    ya yaani ya3ni yani la2 aywa ah naam tayyeb tayeb tamam 5alas khalas khalass kda keda kida heik hek haik kaman kman tany tani taney marra mara kol kul kolo kolha ktir kteer kتير ketir kteir awi awy wayed bezzaf bzaf barsha jeddan gedan \
    ma men min mn 3ala ala 3and 3andi 3ndi andi 3andkom ma3 maa ma3aya m3aya ma3i b be bel bl l lel lil le li ili bta3 bta3i btaa3 betaa3 dyal dyali diali ta3 taa7 \
    kan kanet kont yekoon sar sarli ba2ali b2ali ra7 rah ra2i bdi biddi baddi 3ayez 3ayz ayez ayz abgha abi b8eet bghit mabghach lazem lazm momken mumkin shukran chokran merci salam salamo alaykom allah 7asbi hasbi hay hayda hadi had hada hadchi nas";

/// Courtesies and filler of English feedback, beside the public list.
const ENGLISH: &str = "\
    hi hello hey dear sir madam team please pls plz kindly thanks thank thx thankyou regards ok okay im ive dont didnt doesnt cant wont isnt wasnt couldnt wouldnt thats theres whats its youre theyre \
    still now today yesterday tomorrow day days hour hours minute minutes mins min week weeks month months year years time times twice once again already always never ever even just only also really very much many lot lots more most less too quite bit \
    get got gets getting go goes going gone come came comes say says said saying tell told ask asked want wanted wants need needs needed try tried trying make made makes take took takes give gave gives put keep keeps kept let lets know knows knew think thought see saw seen look looks looked like use used using work works way thing things something anything nothing everything someone anyone everyone people guys man guy one two three four five first last next new old same another every each since ago \
    will would could should can may might must do does did done been being have has had was were are is am be not no yes yeah why how what when where who which that this these those there here sar aed egp usd jod mad lbp dh";

static STOP_KEYS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let mut keys = HashSet::new();
    for list in [ARABIC, ARABIZI, ENGLISH] {
        keys.extend(runs(list).concat().into_iter().map(|word| word.key));
    }
    for language in ["ar", "en"] {
        let list = stop_words::get(language).join(" ");
        keys.extend(runs(&list).concat().into_iter().map(|word| word.key));
    }
    keys
});

/// Whether a word's key or its stem says nothing by itself.
pub(super) fn is_stop(key: &str, stem: &str) -> bool {
    STOP_KEYS.contains(key) || STOP_KEYS.contains(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn function_words_of_each_dialect_stop_and_topics_do_not() {
        for word in [
            "اللي",
            "وش",
            "ليش",
            "إزاي",
            "دلوقتي",
            "هلأ",
            "بزاف",
            "علاش",
            "الذي",
            "mesh",
            "keda",
            "the",
            "please",
            "والله",
        ] {
            let key = &runs(word).concat()[0].key;
            assert!(is_stop(key, key), "{word}");
        }
        for word in
            ["تطبيق", "مندوب", "محفظة", "رسوم", "توصيل", "courier", "refund", "app", "mandoub", "branch", "service"]
        {
            let key = &runs(word).concat()[0].key;
            assert!(!is_stop(key, key), "{word}");
        }
    }
}
