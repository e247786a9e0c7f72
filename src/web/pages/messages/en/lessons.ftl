# What a correction taught routing.
lesson = Learned from this correction
lesson-says = Messages like this one now go to
lesson-instead = instead of
lesson-forget = Forget this
