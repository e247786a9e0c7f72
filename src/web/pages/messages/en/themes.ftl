# What people and runs do to themes.

theme-edit = Change this theme
theme-edit-help = Every change stays when themes are found anew, and can be undone below.
theme-merge = Merge
theme-merge-into = Put all of it into
theme-split = Make two of it
theme-split-help = Choose messages that belong together. They become a theme of their own, with what is more like them than like the rest.
theme-split-go = Make a theme of these
theme-pin = Pin
theme-pinned = Pinned
theme-hide = Hide
theme-hidden = Hidden
themes-hidden = Hidden themes
record-assign = Put it into a theme
record-no-theme = None

sub-theme = Sub-theme
sub-themes = What they say in particular
filter-sub_theme = Sub-theme

record-mentions = Also says
filter-mentions = Also says
theme-mentioned = { $form ->
    [one] Also mentioned in { $n } other message
   *[other] Also mentioned in { $n } other messages
}

edits = Changes by people
edit-rename = Called { $it }
edit-merge = Put { $it } into { $other }
edit-split = Took { $other } out of { $it }
edit-pin = Pinned { $it }
edit-hide = Hid { $it }
edit-assign = Put a message into { $it }
edit-assign-none = Took a message out of its theme
edit-undo = Undo
edit-undone = Undone
edit-idle = Without effect for now

lineage = Where it comes from
lineage-same = It goes on: { $n } of { $m } messages stayed.
lineage-new = { $form ->
    [one] Came up with { $n } message.
   *[other] Came up with { $n } messages.
}
lineage-gone = { $form ->
    [one] Ended with { $n } message.
   *[other] Ended with { $n } messages.
}
lineage-split = { $form ->
    [one] Was parted, with { $n } message, from
   *[other] Was parted, with { $n } messages, from
}
lineage-parted = { $form ->
    [one] { $n } message parted from it:
   *[other] { $n } messages parted from it:
}
lineage-merged = { $form ->
    [one] Went, with { $n } message, into
   *[other] Went, with { $n } messages, into
}
lineage-took = { $form ->
    [one] Took { $n } message of
   *[other] Took { $n } messages of
}
