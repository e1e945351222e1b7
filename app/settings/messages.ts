/** What settings pages of an organization say when somebody may not do what they tried. */
export const memberMessages = {
  signed_out: "You were signed out. Nothing was changed.",
  managing_forbidden: "Only owners can do this. Nothing was changed.",
  managing_members_forbidden: "Only owners and admins can do this. Nothing was changed.",
};
