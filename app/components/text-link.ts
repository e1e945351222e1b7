export const textLinkClass = "text-link";
