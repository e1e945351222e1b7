import type { z } from "zod";
import { NewUser } from "../users/schema";

export const InvitationForm = NewUser.pick({ email: true, role: true });
export type InvitationForm = z.infer<typeof InvitationForm>;

export const JoinForm = NewUser.pick({ name: true, password: true });
export type JoinForm = z.infer<typeof JoinForm>;
