import { environment } from "../environment";

/** For how long an invitation's link is good. */
export const invitationDays = 7;

/** The page to which an invitation's link leads, within this site. */
export function invitationPath(token: string): string {
  return `/join?token=${token}`;
}

/** The address to hand to whom is invited. */
export function invitationLink(token: string): string {
  return `${environment().NEXTAUTH_URL}${invitationPath(token)}`;
}
