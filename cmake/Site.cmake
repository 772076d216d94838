# embed_site(TARGET): builds the site of web/ with npm, packs its files into one and puts that into
# TARGET, a program. In the program it is found by src/site/embedded.h.
#
# S3ZIPPER_SITE=AUTO: where npm, node and web/ are here, and npm could install the site's packages; else
# the program is built without, and says so at "/". ON: all of that is an error. OFF: without.
# Nothing is built when CMake configures. A change of the site builds the site, one object and the
# program, and nothing else.

set(S3ZIPPER_SITE AUTO CACHE STRING "Build the site into the server: AUTO (where npm is), ON or OFF")
set_property(CACHE S3ZIPPER_SITE PROPERTY STRINGS AUTO ON OFF)
set(S3ZIPPER_SITE_SOURCES ${CMAKE_SOURCE_DIR}/web CACHE PATH "The folder of the site's sources")
mark_as_advanced(S3ZIPPER_SITE_SOURCES)

# site_can_be_built(RESULT): an error where it must be and cannot.
function(site_can_be_built result)
  set(${result} OFF PARENT_SCOPE)
  if(S3ZIPPER_SITE STREQUAL "OFF")
    return()
  endif()
  set(lacking)
  find_program(NPM_PROGRAM npm)
  find_program(NODE_PROGRAM NAMES node nodejs)
  foreach(program NPM NODE)
    if(NOT ${program}_PROGRAM)
      string(TOLOWER ${program} name)
      list(APPEND lacking ${name})
    endif()
  endforeach()
  if(NOT EXISTS ${S3ZIPPER_SITE_SOURCES}/package.json)
    list(APPEND lacking ${S3ZIPPER_SITE_SOURCES}/package.json)
  endif()
  if(NOT lacking)
    set(${result} ON PARENT_SCOPE)
    return()
  endif()
  list(JOIN lacking ", " lacking)
  set(message "The server is built without its site (S3ZIPPER_SITE): not found: ${lacking}")
  if(S3ZIPPER_SITE STREQUAL "AUTO")
    message(STATUS "${message}")
  else()
    message(FATAL_ERROR "${message}")
  endif()
endfunction()

# site_inputs(RESULT): what the site is made of. What npm and the build leave behind is none of it.
function(site_inputs result)
  set(web ${S3ZIPPER_SITE_SOURCES})
  file(GLOB files CONFIGURE_DEPENDS LIST_DIRECTORIES false ${web}/*)
  list(APPEND files ${web}/node/package-lock.json)
  # Folders are looked for when CMake configures: those that a build makes would begin it again.
  file(GLOB entries LIST_DIRECTORIES true ${web}/*)
  foreach(entry IN LISTS entries)
    get_filename_component(name ${entry} NAME)
    if(IS_DIRECTORY ${entry} AND
       NOT name MATCHES "^(node|node_modules|dist|mock|e2e.*|test.*|playwright.*)$")
      file(GLOB_RECURSE below CONFIGURE_DEPENDS ${entry}/*)
      list(APPEND files ${below})
    endif()
  endforeach()
  list(FILTER files EXCLUDE REGEX "[._]test\\.tsx?$")
  # Its documentation is ours.
  file(GLOB_RECURSE docs CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/docs/*)
  set(${result} ${files} ${docs} PARENT_SCOPE)
endfunction()

function(embed_site target)
  site_can_be_built(built)
  set_property(GLOBAL PROPERTY S3ZIPPER_WITH_SITE ${built})
  if(NOT built)
    return()
  endif()
  site_inputs(inputs)
  set(blob ${CMAKE_BINARY_DIR}/site.packed)
  set(script ${CMAKE_SOURCE_DIR}/cmake/build_site.cmake)
  set(packer ${CMAKE_SOURCE_DIR}/tools/pack_site.mjs)
  add_custom_command(
    OUTPUT ${blob}
    COMMAND ${CMAKE_COMMAND} -D WEB=${S3ZIPPER_SITE_SOURCES}
            -D LOCK=${CMAKE_SOURCE_DIR}/build/site.lock -D NODE=${NODE_PROGRAM}
            -D PACKER=${packer} -D BLOB=${blob} -D MODE=${S3ZIPPER_SITE} -P ${script}
    DEPENDS ${inputs} ${script} ${packer}
    COMMENT "Building the site"
    VERBATIM)
  set(bytes ${CMAKE_SOURCE_DIR}/src/site/embedded_bytes.c)
  set_source_files_properties(${bytes} PROPERTIES OBJECT_DEPENDS ${blob}
                              COMPILE_DEFINITIONS "SITE_BLOB=\"${blob}\"")
  target_sources(${target} PRIVATE ${bytes})
endfunction()
