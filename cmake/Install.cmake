# What `cmake --install` puts where: the program, its man page, and completions, which the program
# itself prints, in the folders that bash, zsh and fish look into.

include(GNUInstallDirs)

install(TARGETS s3zipper RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${CMAKE_SOURCE_DIR}/docs/reference/s3zipper.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)

function(install_completion shell folder name)
  set(script ${CMAKE_BINARY_DIR}/completions/s3zipper.${shell})
  install(CODE "
    file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/completions)
    execute_process(COMMAND $<TARGET_FILE:s3zipper> completion ${shell}
                    OUTPUT_FILE ${script} COMMAND_ERROR_IS_FATAL ANY)")
  install(FILES ${script} DESTINATION ${CMAKE_INSTALL_DATADIR}/${folder} RENAME ${name})
endfunction()

install_completion(bash bash-completion/completions s3zipper)
install_completion(zsh zsh/site-functions _s3zipper)
install_completion(fish fish/vendor_completions.d s3zipper.fish)
