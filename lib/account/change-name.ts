import { database } from "../database";
import type { Person } from "../person";

/** What others see a person as; undefined for their email address. */
export async function changeName(person: Person, name: string | undefined): Promise<void> {
  await database()
    .updateTable("users")
    .set({ name: name ?? null })
    .where("id", "=", person.id)
    .execute();
}
