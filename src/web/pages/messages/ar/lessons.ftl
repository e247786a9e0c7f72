# What a correction taught routing.
lesson = ما تعلّمه النظام من هذا التصحيح
lesson-says = الرسائل المشابهة لهذه تُوجَّه الآن إلى
lesson-instead = بدلًا من
lesson-forget = تراجع عن هذا
