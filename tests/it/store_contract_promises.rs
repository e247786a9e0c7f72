//! Every promise of the contract, by the module that tests it: one list for all back ends.

/// Hands all promises to a macro, after what that one wants before them.
macro_rules! every_promise {
    ($run:ident $($before:tt)*) => { $run! { $($before)*
        store_contract {
            feedback_comes_back_as_it_went_in,
            a_natural_key_is_kept_once,
            what_is_not_committed_never_was,
            a_large_batch_goes_in_whole,
            nul_is_refused_and_nothing_of_the_batch_kept,
            pages_show_everything_once_newest_first,
            filters_let_through_what_they_name,
            an_analysis_comes_back_exactly_and_replaces_the_last,
            counts_split_by_what_is_known,
            grouping_reads_all_that_is_analysed_in_order,
            themes_come_back_and_members_follow_them,
            a_dissolved_theme_leaves_its_members_without,
            tokens_are_found_by_hash_until_revoked,
            a_key_stands_for_one_request_for_a_day,
            facts_are_kept_by_name,
        }
        store_contract_jobs {
            jobs_are_claimed_in_order_and_once,
            workers_at_once_never_share_a_job,
            a_lost_lease_keeps_nothing,
            what_a_dead_process_held_is_free_again,
            waiting_for_a_part_that_is_away_uses_nothing_up,
            what_was_given_up_may_begin_anew,
            what_fails_waits_longer_each_time_and_then_is_dead,
            what_kills_its_worker_is_given_up,
            a_unique_key_keeps_a_second_job_out,
        }
        store_contract_ratings {
            ratings_are_counted_by_group_and_day,
            a_rating_filter_finds_what_was_counted,
            contradictions_are_those_that_the_rule_finds,
        }
        store_contract_tickets {
            a_customer_has_one_open_ticket_in_a_queue,
            a_solved_case_is_followed_by_a_new_one,
            a_change_on_a_stale_reading_is_refused,
            an_unknown_feedback_opens_nothing,
            messages_at_once_open_one_ticket,
            the_most_urgent_and_soonest_due_come_first,
        }
        store_contract_people {
            users_come_back_by_name_and_no_two_have_the_same,
            a_session_lasts_until_its_end_or_its_user_s,
            a_correction_on_a_stale_reading_is_refused,
            what_a_person_called_a_theme_outlives_a_grouping,
            days_and_weeks_add_up_and_local_midnight_counts,
            words_are_found_as_they_stand,
            without_feedback_there_is_no_last,
        }
    } };
}
pub(crate) use every_promise;
