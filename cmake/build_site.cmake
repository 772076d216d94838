# Builds the site of the folder WEB and packs it into the file BLOB, which is empty if npm could not
# install the site's packages and MODE is AUTO: a network is no condition for a server. A site that
# does not build is an error in any mode.
#
#   cmake -D WEB=web -D LOCK=FILE -D NODE=node -D PACKER=pack_site.mjs -D BLOB=FILE -D MODE=AUTO|ON
#         -P build_site.cmake

# Two builds of one checkout, say dev and release, share the folder WEB: one waits for the other.
file(LOCK ${LOCK} GUARD PROCESS)

# run(RESULT COMMAND…): the command's output is shown where it fails, and is left in `output`.
function(run result)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${WEB} RESULT_VARIABLE status
                  OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    list(JOIN ARGN " " command)
    message("${output}\n${command}: failed (${status})")
  endif()
  set(output "${output}" PARENT_SCOPE)
  set(${result} ${status} PARENT_SCOPE)
endfunction()

# Any call of it installs what is missing first. npm tries for five minutes and more where there is no network.
set(ENV{npm_config_fetch_retries} 2)
set(ENV{npm_config_fetch_retry_mintimeout} 1000)
set(ENV{npm_config_fetch_retry_maxtimeout} 5000)
set(ENV{npm_config_fetch_timeout} 60000)
run(installed ${WEB}/npm --version)
if(NOT installed EQUAL 0)
  if(NOT MODE STREQUAL "AUTO")
    message(FATAL_ERROR "The site's packages could not be installed.")
  endif()
  message("The site's packages could not be installed: the server is built without its site. "
          "Remove ${BLOB} to try again at the next build; -DS3ZIPPER_SITE=OFF does not try.")
  file(WRITE ${BLOB} "")
  return()
endif()

run(built ${WEB}/npm run build)
if(NOT built EQUAL 0)
  message(FATAL_ERROR "The site does not build; -DS3ZIPPER_SITE=OFF builds the server without it.")
endif()
run(packed ${NODE} ${PACKER} ${WEB}/dist ${BLOB})
if(NOT packed EQUAL 0)
  message(FATAL_ERROR "The site's files could not be packed.")
endif()
string(STRIP "${output}" output)
message("${output}")
