import type { Person } from "../access/person";
import { database } from "../database/database";

/** What others see a person as; undefined for their email address. */
export async function changeName(person: Person, name: string | undefined): Promise<void> {
  await database()
    .updateTable("users")
    .set({ name: name ?? null })
    .where("id", "=", person.id)
    .execute();
}
