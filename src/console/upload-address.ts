/** The one address that takes bodies other than JSON. */
export const UPLOADS = "/api/uploads";
/** What the body is said to be, whatever the file is: a type that no form of a foreign page can send. */
export const UPLOAD_TYPE = "application/octet-stream";
