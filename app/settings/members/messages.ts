export const errors = {
  owner_role_required: "Only owners can add, change or remove owners.",
  last_owner: "An organization needs at least one owner. Make someone else an owner first.",
  member_not_found: "That person is no longer a member.",
  invalid_email: "Enter an email address like name@example.com.",
  invalid_role: "Choose a role.",
  already_member: "That person is already a member.",
  already_invited: "That person has already been invited. Create a new link for them below.",
  invitation_not_found: "That invitation was already accepted or cancelled.",
};

const overMailLimit = "No email was sent because a daily limit has been reached. Share the link yourself.";

export const done = {
  role: "Role changed.",
  removed: "Member removed and signed out everywhere.",
  invited: "Invitation created.",
  invited_mailed: "Invitation sent.",
  invited_not_mailed:
    "Invitation created, but the email couldn’t be sent (see the server log). Share the link yourself.",
  invited_over_mail_limit: `Invitation created. ${overMailLimit}`,
  renewed: "New link created. The old one no longer works.",
  renewed_mailed: "New link sent. The old one no longer works.",
  renewed_not_mailed:
    "New link created; the old one no longer works. The email couldn’t be sent (see the server log). Share the link yourself.",
  renewed_over_mail_limit: `New link created; the old one no longer works. ${overMailLimit}`,
  cancelled: "Invitation cancelled. Its link no longer works.",
};
