import { memberMessages } from "../messages";

export const messages = {
  ...memberMessages,
  owners_are_for_owners: "Only an owner may make somebody an owner, or change or remove one.",
  last_owner: "An organization needs an owner. Make somebody else an owner first.",
  member_not_found: "That person is no member any more.",
  invalid_email: "The email address must be like name@example.com.",
  invalid_role: "Choose a role.",
  already_member: "That person is a member already.",
  already_invited: "That person is invited already. Make a new link for them below instead.",
  invitation_not_found: "That invitation was accepted or cancelled already.",
};

const mailLimit =
  "no mail was sent: you, your organization, this server or that address has reached the limit of mails for today. Give them the link yourself.";

export const done = {
  role: "The role is changed. It counts from the next click on.",
  removed: "They are no member any more, and are signed out everywhere.",
  invited: "They are invited.",
  invited_mailed: "They are invited, and the link is on its way to them by mail.",
  invited_not_mailed:
    "They are invited, but the mail could not be sent: the server’s log says why. Give them the link yourself.",
  invited_over_mail_limit: `They are invited, but ${mailLimit}`,
  renewed: "There is a new link. The one before leads nowhere now.",
  renewed_mailed: "A new link is on its way to them by mail. The one before leads nowhere now.",
  renewed_not_mailed:
    "There is a new link, and the one before leads nowhere now. The mail could not be sent: the server’s log says why. Give them the link yourself.",
  renewed_over_mail_limit: `There is a new link, and the one before leads nowhere now, but ${mailLimit}`,
  cancelled: "The invitation is cancelled. Its link leads nowhere now.",
};
