//! What a question is about, in the words of Arabic, its dialects, Arabizi and English.
//!
//! Three lists: topics that customers of companies write about, so that a question in one dialect meets records in
//! another; what feedback never tells (ages, incomes, tomorrow, the company's own books); and what counts alone answer.
//! Entries are matched after folding, with Arabic's clitics and article taken off; `*` stands for any ending.

use std::sync::LazyLock;

use super::Kind;
use super::lexicon::Lexicon;

/// Topics, each with the words for it.
pub(super) static TOPICS: LazyLock<Vec<Lexicon>> = LazyLock::new(|| {
    let topics: &[&str] = &[
        // courier
        "courier* drop-off chauffeur* شوفير* طيار* driver* rider* deliveryman مندوب* مناديب* سائق* سواق* \
         سايق* كابتن* ليفرور* لفرور* livreur* mandoub* mandob* شباب ساعي عامل عمال",
        // delivery
        "deliver* shipping shipment* توصيل* دليفري* يوصل* وصل* توصل* بيوصل* بتوصل* كتوصل* كيوصل* شحن* \
         tawseel* towseel* byewsal* tewsal* wesel* come comes arriv*",
        // order
        "order* bag* product* grocer* صنف أصناف* حاجات* أشياء* طلبية* باقة parcel* package* item* طلب* \
         طلبي* اوردر* كوموند* كومند* طرد* طرود* غراض* أغراض* منتج* شي حاجه talab* commande* order",
        // late
        "late punctual* early minute* hour* timing* ساعة ساعات دقيق* دقائق وقت* الوقت ميعاد* مبكر* \
         كيتعطل* wa2t* delay* slow* wait* long time times fast quick* speed* تأخ* متأخ* يتأخ* بيتأخ* \
         كيتعطل تعطل* ينتظر* انتظار* بيستن* يستن* كيتسن* بطيء* سريع* سرعة مواعيد* موعد* 2akhar* it2akhar* \
         bete2akhar* byit2akhar* et2akhar* mota2akher* ناطر* انطر*",
        // app
        "app design* redesign* search notification* screen* site website بحث* اشعار* شاشة* تصميم* موقع \
         apps application* update* version* تطبيق* ابلكيشن* ابليكاسيون* لابليكاسيون* برنامج* تحديث* \
         ابلكيشن",
        // crash
        "crash* shut* work works broken stop* يقف بيقف يوقف* ينغلق* يشتغل شغال* bye2fel* by2fel* tracking \
         track تتبع* freez* froze* hang* close* closing bug* يعلق* بيعلق* تعليق يقفل* بيقفل* يغلق* اغلاق \
         يهنج* بيهنج* يطلع* بيطلع* كتبلوك* كيتبلوك* كتطفى* يسكر* بيسكر* يتعطل* by3alla2* bysakker* \
         bisakker* byhang* byfsel* يفصل*",
        // address
        "address* building* way door* street* lost طريق* مبنى* بناي* عمار* باب يضيع* بيضيع* ضايع* map \
         maps location* pin gps house* home عنوان* عناوين* خريط* خراي* خرايط* موقع* لوكيشن* بيت* بيوت* \
         يدل* بيتوه* يتوه* كيتلف* 3enwan* location",
        // wrong, missing, damaged
        "wrong* mix* spoil* expired leak* spill* بايظ* فاسد* كامل* مسكوب* انسكب* naqes* na2es* غالط* \
         بالغلط missing damag* broke* broken incomplete else's ناقص* نقص* غلط* خطأ تالف* مكسور* مهرس* \
         معطوب* خربان* naa2es* maksoor*",
        // food
        "food warm dish* restaurant* وجب* ساخن* سخن* مطعم* حار cold hot meal* أكل* طعام* بارد* akl* \
         bared* makla* ماكله",
        // manner
        "polite* respect* courteous* nice help* مهذب* خلوق* أخلاق* كويس* ضريف* لطيف* مذوق احترام* rude* \
         manner* behav* treat* friendly kind تعامل* يتعامل* بيتعامل* بيعامل* كيتعامل* معامل* أسلوب* أدب \
         اخلاق محترم* bey3amel* byt3amel* mo7taram*",
        // money
        "price* fee fees expensive cheap* cost costs سعر* أسعار* رسوم* غالي* غلا* تكلف* se3r* as3ar*",
        "pay pays paying payment* checkout charg* card* دفع* يدفع* بيدفع* بطاق* فيزا خصم* انخصم* daf3*",
        "refund* return* استرجاع* استرداد* مرتجع* رجع* ترجع* يرجع*",
        "promo* coupon* voucher* discount* كوبون* عرض عروض* خصوم* كود*",
        "wallet* transfer* balance* محفظ* تحويل* رصيد*",
        // account
        "account* login* log password* otp code حساب* دخول* رمز* تسجيل*",
        // support
        "support* service* help* answer* خدمة خدمات* سيرفيس* khedma* agent* helpline chatbot دعم* يرد* \
         بيرد* رد",
        "branch* store* counter فرع* فروع*",
        // wishes
        "feature* suggest* improvement* request* want* add added new ميز* مزايا* إضاف* اقتراح* يقترح* \
         بدهم يبون* يبغون* عايزين* بغاو* ينضاف* تضيف* يطلبون*",
        // language of the app
        "language* arabic لغ* لغات*",
        // packaging, quality
        "packag* packing quality fresh* تغليف* جود* طازج*",
    ];
    topics.iter().map(|words| Lexicon::new(words)).collect()
});

/// What feedback never tells, in words that a question about it has.
pub(super) static UNTOLD: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::new(
        "old age ages aged young gender* male males female* men women married single divorced children \
         kids parents pets عمر عمرهم اعمار* أعمارهم العمرية سنهم سن ذكور اناث رجال نساء متزوج* مزوج* عزاب \
         أطفالهم عيال عيالهم اولادهم 3omr* metgawez* mozawaj* حيوانات income* salary salaries wage* earn* \
         rich poor job jobs profession* occupation* university universities degree study studied \
         education* school دخلهم دخل راتب* رواتب* معاش* يتقاضون بيقبضوا كيربحو مهن* وظايف* وظائفهم وظيف* \
         يشتغلون بيشتغلوا خدمتهم شغلهم تعليمي* متعلم* درسوا قراو جامع* شهاداتهم morattab* byeshtaghal* \
         religio* faith* belief* politic* election* vote* party football sport* hobby hobbies music \
         movie* ethnic* nationality nationalities rent own ديان* دين* معتقد* سياس* انتخاب* يصوت* هيصوت* \
         حزب هواي* أغاني موسيق* يشجع* بيشجع* جنسي* يملكون سيارت* عربيات competitor* rival* منافس* will \
         forecast* predict* next tomorrow future spring summer turnover chairman logo shares firm born \
         birth* tall weight smok* drink* retired living سيبلغ ولدوا مواليد* متقاعد* يدخن* بيدخن* عقار* \
         ايجار تمليك ولاد دراري welad* saknin* ساكنين حكوم* سوف سيجدد* القادم* الجاي* رح هي مستقبل* \
         توقعات profit* revenue* market sales founder* founded ceo manager* employees employ* warehouse* \
         supplier* budget* campaign* shareholder* أرباح* ربح* كسبت إيراد* مبيعات* حصتنا أسس مؤسس* مدير* \
         رئيس* صاحب موظف* مستودع* مورد* ميزاني* حمل* rayes* modeer* name named surname passport اسم اسمه \
         أسماء* جوالاتهم هواتفهم",
    )
});

/// What a question asks for where the counts of the sheet answer it.
pub(super) static COUNTS: LazyLock<Vec<(Kind, Lexicon)>> = LazyLock::new(|| {
    let kinds: &[(Kind, &str)] = &[
        (
            Kind::Feeling,
            "content please* like* يرضي* راضيين يعجب* feel* mood* happy unhappy satisf* angry emotion* \
             sentiment* upset* mad يشعر* شعور* مشاعر* مزاج* راض* رضا* زعلان* مبسوط* متضايق* مضايق* غاضب* \
             7assin za3lan* mabsout*",
        ),
        (Kind::Channel, "channel* chat email survey* reviews where قنا* قنوات* شات"),
        (Kind::Language, "language* dialect* لغ* لهج*"),
        (Kind::Size, "group size customers حجم الفئة"),
        (
            Kind::Pain,
            "yez3ej* bey3asab* مزعج* بيزعج* كيقلق* complain* complaint* problem* issue* trouble* pain* \
             upset* annoy* bother* dislike* hate* unhappy wrong يشتك* بيشتك* شكو* شكاو* مشكل* مشاكل* \
             مشكلات* يزعج* مضايق* ينزعج* زعلان* يعان* معانا* yeshtek* mashakel*",
        ),
        (
            Kind::Need,
            "نفسهم يتمن* جديد need* want* ask asks request* suggest* feature* improvement* يطلب* يحتاج* \
             احتياج* يبون* يبغ* عايزين* بدهم بغاو اقتراح* يقترح* ميزات*",
        ),
        (Kind::Expectation, "expect* hope* يتوقع* توقعاتهم ينتظرون"),
        (
            Kind::Theme,
            "compliment* thank* شكر* يشكر* مدح* شكرا مديح* topic* theme* talk* praise* like likes love \
             enjoy* موضوع* مواضيع* يمدح* يعجب* عاجب* يحب* بيحب* 3ajeb*",
        ),
    ];
    kinds.iter().map(|(kind, words)| (*kind, Lexicon::new(words))).collect()
});

/// Words of questions that say nothing of what is asked.
pub(super) static EMPTY: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::new(
        "what which who whom whose why how when where do does did is are was were be been has have had \
         the a an of for to from with in on at by about and or if it its they them their theirs these \
         those this that there any some someone most more many much get gets go goes make makes happen* \
         say says said think* tell* use using typical* mostly mainly our we us i you me give can could \
         should would than as not no into after before up out often call anything something share message \
         messages write writes try find customer* people user* هل ما ماذا لماذا لم كيف متى أين من كم أي \
         التي الذي الذين هم هما عن على في إلى حتى مع معهم معاهم عندهم عندنا لهم لديهم منه منهم بينهم \
         هؤلاء هذا هذه ذلك وش ايش شو شنو ايه ليش ليه علاش كيفاش ازاي شلون قديش شحال منو مين وين فين واش \
         ولا أو لا لأ غير أكثر أغلب* أقل عملاء عميل الناس زبائن يقول* بيحكو* يحكو* يصف* يرون يرى عليهم \
         وياهم فيه اللي ال برا لحالو لحاله فجأة بسهولة eh leh leish ezay kam fi el walla la2 3ala 3and* \
         la7alo ad قد كل شي شيء تبع عم بال يجد بيلاقي يلاقي غالب* نسبة عبر يكتب* it's new add",
    )
});
