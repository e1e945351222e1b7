/** What settings pages of an organization say when somebody may not do what they tried. */
export const memberMessages = {
  signed_out: "You were signed out meanwhile. Nothing was changed.",
  managing_forbidden: "Only an owner of the organization may do this. Nothing was changed.",
  managing_members_forbidden: "Only an owner or an admin may do this. Nothing was changed.",
};
