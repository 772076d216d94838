/* The bytes of the packed site, of the file SITE_BLOB (cmake/Site.cmake). As assembler: a compiler
   takes seconds for an array of this size. C, not C++, as no compiler's cache stands before it, which
   would not see that the file has changed. */
extern char const s3zipper_site[];

__asm__(
    ".pushsection .rodata\n"
    ".globl s3zipper_site\n"
    ".globl s3zipper_site_end\n"
    ".balign 64\n"
    "s3zipper_site:\n"
    ".incbin \"" SITE_BLOB "\"\n"
    "s3zipper_site_end:\n"
    ".byte 0\n"
    ".popsection\n");
