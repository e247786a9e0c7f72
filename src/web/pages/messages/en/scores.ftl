# Scores.

nav-scores = Scores
rating-stars = Stars
rating-long-nps = Would they recommend us? (NPS)
rating-long-csat = Are they satisfied? (CSAT)
rating-long-ces = Was it easy? (CES)
rating-long-stars = Stars in reviews
measure-ces-mean = Mean
measure-ces-share = Found it easy
measure-net-easy = Net Easy Score
measure-stars-mean = Mean
measure-stars-share = Four or five stars
class-promoters = Promoters
class-passives = Passives
class-detractors = Detractors
class-satisfied = Satisfied
class-neutral = Neutral
class-dissatisfied = Dissatisfied
class-easy = Easy
class-difficult = Difficult

ratings-count = { $form ->
    [one] { $n } rating
   *[other] { $n } ratings
}
score-interval = { $it } to { $other }
score-change = { $it } ({ $other })
score-change-points = { $it } points ({ $other })
score-too-few = too few for a score
score-significant = beyond chance
score-chance = may be chance
score-none-before = none in the period before
score-few-before = too few before to compare
score-few-now = too few to compare

scores-none = No ratings came in during this time.
scores-month = Four weeks
scores-quarter = Twelve weeks
scores-year = A year
scores-trend = The score over time
scores-by-week = By week
scores-by-month = By month
scores-by-quarter = By quarter
scores-band = The band is where the score lies with 95 % confidence. Hollow points have too few ratings for a score.
scores-no-trend = Too few ratings in any week, month or quarter for a score.
scores-answers = What they answered
scores-texts = What they wrote with it
scores-contradicted = The text says otherwise
scores-groups = By group
scores-score = Score
scores-ratings = Ratings
scores-change = Since the period before
scores-without = Not stated
scores-no-groups = No ratings.
scores-left-out = The smallest groups are left out.
scores-drivers = What moves it
scores-with = Who speaks of it
scores-others = All others
scores-difference = Difference
scores-no-drivers = No theme has ratings enough to compare.
scores-driver-help = A difference between customers, not what would change if the theme went away.
scores-method = Intervals hold with 95 % confidence; below 30 ratings there is no score. A change counts only beyond chance, corrected for how many are shown. Only ratings that came with words are counted.
overview-scores = Scores, four weeks
filter-segment = Segment
filter-not-theme = Not in the theme
filter-without = Without
filter-rating-method = Rating
filter-rating-min = At least
filter-rating-max = At most
disagreement-high-rating-negative-text = High rating, negative text
disagreement-low-rating-positive-text = Low rating, positive text
