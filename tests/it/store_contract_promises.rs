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
        store_contract_live {
            the_audit_log_is_kept_with_the_change_and_read_by_page,
            an_import_goes_on_from_where_it_is_and_nowhere_else,
            uploads_that_nobody_goes_on_with_end,
            what_is_new_is_told_from_a_moment_on,
            the_last_admin_is_known,
        }
        store_contract_ratings {
            ratings_are_counted_by_group_and_day,
            a_rating_filter_finds_what_was_counted,
            contradictions_are_those_that_the_rule_finds,
        }
        store_contract_personas {
            personas_come_back_with_their_run_and_members,
            a_run_that_finds_none_hides_them_and_keeps_their_ids,
            feedback_is_filtered_by_its_customer_s_persona,
        }
        store_contract_tickets {
            a_customer_has_one_open_ticket_in_a_queue,
            a_solved_case_is_followed_by_a_new_one,
            a_change_on_a_stale_reading_is_refused,
            an_unknown_feedback_opens_nothing,
            messages_at_once_open_one_ticket,
            the_most_urgent_and_soonest_due_come_first,
        }
        store_contract_incidents {
            texts_are_heard_with_the_incident_they_belong_to,
            an_incident_takes_in_more_and_is_counted_by_whom_it_touched,
            a_text_belongs_to_one_incident,
            an_incident_is_closed_once_and_listed_by_when_it_was_noticed,
            tickets_and_feedback_are_filtered_by_incident,
            an_opened_and_a_changed_incident_are_told,
        }
        store_contract_themes {
            edits_are_logged_in_order_and_undone_once,
            moving_to_another_theme_keeps_the_group,
            sub_themes_are_of_the_themes_that_their_members_have_now,
            lineage_is_told_from_both_sides,
        }
        store_contract_mentions {
            mentions_stand_in_their_texts_and_lead_to_them,
            mentions_follow_the_edits_of_themes_and_go_with_their_groups,
            pieces_come_back_by_page_and_are_replaced,
        }
        store_contract_lessons {
            a_text_teaches_one_lesson_until_it_is_taken_back,
            lessons_are_paged_newest_first,
        }
        store_contract_people {
            users_come_back_by_name_and_no_two_have_the_same,
            a_session_lasts_until_its_end_or_its_user_s,
            a_correction_on_a_stale_reading_is_refused,
            days_and_weeks_add_up_and_local_midnight_counts,
            words_are_found_as_they_stand,
            without_feedback_there_is_no_last,
        }
        store_contract_journeys {
            journeys_are_kept_as_they_were_written,
            feedback_waits_for_its_step_until_it_is_placed_on_the_present_version,
            steps_are_filtered_counted_and_read_alike,
            the_last_of_each_customer_is_found,
        }
    } };
}
pub(crate) use every_promise;
