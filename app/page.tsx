import { redirect } from "next/navigation";

/** The front action leads to the jobs, and from there, who is not signed in, to the sign-in page. */
export default function HomePage() {
  redirect("/jobs");
}
