export const textLinkClass = "text-accent underline underline-offset-3 hover:no-underline";
