import { type Kysely, sql } from "kysely";

/** Makes what happens before an update, and at the end of a transaction. */
export async function makeAround(db: Kysely<unknown>): Promise<void> {
  // A change of progress is not counted: it shall cost nothing. Noted for the rest of the transaction, as a
  // statement may run inside of another one. By its name the last of the triggers before an update, as others may
  // change the status too.
  await sql`
    create function note_batch_job_moved() returns trigger language plpgsql as $$
    begin
      perform set_config('batch_jobs.moved', 'yes', true);
      return new;
    end
    $$
  `.execute(db);
  await sql`
    create trigger zz_note_moved before update on batch_jobs for each row
    when ((old.organization_id, old.created_at, old.id, old.status)
      is distinct from (new.organization_id, new.created_at, new.id, new.status))
    execute function note_batch_job_moved()
  `.execute(db);

  // At the end of the transaction: within a statement there may be jobs that are not counted yet, as the triggers of
  // an INSERT … ON CONFLICT run one after the other. Upkeep that fails shall not fail what was written.
  await sql`
    create function tidy_at_end() returns trigger language plpgsql as $$
    begin
      delete from batch_job_counts_to_tidy where organization_id = new.organization_id;
      perform tidy_batch_job_counts(new.organization_id, new.jobs_max);
      return null;
    exception when others then
      raise warning 'batch job counts of % were not tidied: %', new.organization_id, sqlerrm;
      return null;
    end
    $$
  `.execute(db);
  await sql`
    create constraint trigger tidy_at_end after insert on batch_job_counts_to_tidy
    deferrable initially deferred for each row execute function tidy_at_end()
  `.execute(db);
}
