# embed_text(TARGET FILE NAME): compiles FILE into TARGET as `extern "C" unsigned char const NAME[]`, with
# `extern "C" unsigned long const NAME_bytes`.

function(embed_text target file name)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(READ ${file} hex HEX)
  # As numbers: a string literal may have 65,536 characters only.
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  file(CONFIGURE OUTPUT ${name}.c @ONLY CONTENT
"unsigned char const @name@[] = {
@bytes@
0};
unsigned long const @name@_bytes = sizeof @name@ - 1;
")
  target_sources(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/${name}.c)
endfunction()
