# ما يفعله الناس والتجميع بالمواضيع.

theme-edit = تعديل هذا الموضوع
theme-edit-help = يبقى كل تعديل حين تُكتشف المواضيع من جديد، ويمكن التراجع عنه أدناه.
theme-merge = دمج
theme-merge-into = دمجه كله في
theme-split = تقسيمه إلى موضوعين
theme-split-help = اختر رسائل يجمعها أمر واحد. تصير موضوعًا مستقلًا، ومعها ما هو أقرب إليها من الباقي.
theme-split-go = جعلها موضوعًا مستقلًا
theme-pin = تثبيت
theme-pinned = مثبّت
theme-hide = إخفاء
theme-hidden = مخفي
themes-hidden = المواضيع المخفية
record-assign = نقلها إلى موضوع
record-no-theme = بلا موضوع

sub-theme = الموضوع الفرعي
sub-themes = تفصيل ما يقولون
filter-sub_theme = الموضوع الفرعي

record-mentions = وتقول أيضًا
filter-mentions = تقول أيضًا
theme-mentioned = { $form ->
    [one] ويُذكر في رسالة أخرى
    [two] ويُذكر في رسالتين أخريين
    [few] ويُذكر في { $n } رسائل أخرى
   *[other] ويُذكر في { $n } رسالة أخرى
}

edits = تعديلات الفريق
edit-rename = تسمية: { $it }
edit-merge = دمج { $it } في { $other }
edit-split = فصل { $other } عن { $it }
edit-pin = تثبيت { $it }
edit-hide = إخفاء { $it }
edit-assign = نقل رسالة إلى { $it }
edit-assign-none = إخراج رسالة من موضوعها
edit-undo = تراجع
edit-undone = تم التراجع عنه
edit-idle = بلا أثر حاليًا

lineage = أصل الموضوع
lineage-same = ما زال قائمًا: بقي { $n } من أصل { $m } من رسائله.
lineage-new = { $form ->
    [one] ظهر برسالة واحدة.
    [two] ظهر برسالتين.
    [few] ظهر بـ{ $n } رسائل.
   *[other] ظهر بـ{ $n } رسالة.
}
lineage-gone = { $form ->
    [one] انتهى وفيه رسالة واحدة.
    [two] انتهى وفيه رسالتان.
    [few] انتهى وفيه { $n } رسائل.
   *[other] انتهى وفيه { $n } رسالة.
}
lineage-split = { $form ->
    [one] انفصل برسالة واحدة عن
    [two] انفصل برسالتين عن
    [few] انفصل بـ{ $n } رسائل عن
   *[other] انفصل بـ{ $n } رسالة عن
}
lineage-parted = { $form ->
    [one] انفصلت عنه رسالة واحدة:
    [two] انفصلت عنه رسالتان:
    [few] انفصلت عنه { $n } رسائل:
   *[other] انفصلت عنه { $n } رسالة:
}
lineage-merged = { $form ->
    [one] انضم برسالة واحدة إلى
    [two] انضم برسالتين إلى
    [few] انضم بـ{ $n } رسائل إلى
   *[other] انضم بـ{ $n } رسالة إلى
}
lineage-took = { $form ->
    [one] ضم رسالة واحدة من
    [two] ضم رسالتين من
    [few] ضم { $n } رسائل من
   *[other] ضم { $n } رسالة من
}
